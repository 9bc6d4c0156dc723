// Oracle: the same photo as pixels { data, width, height }.
import { overlay } from 'tfjs-saliency';
import type { ImageDataLike, ImageInput } from 'tfjs-saliency';
import { exactly } from './exactly';

const pixels: ImageDataLike = {
  data: Uint8ClampedArray.of(10, 20, 30, 255, 40, 50, 60, 0),
  width: 2,
  height: 1,
};
const map = { data: [0, 1], shape: [1, 2] };
const expected = overlay(pixels, map);

/** A canvas that holds the pixels of what was drawn on it. */
class FakeCanvas {
  constructor(
    readonly width: number,
    readonly height: number,
    private shown = false,
  ) {}

  getContext() {
    return {
      drawImage: () => {
        this.shown = true;
      },
      getImageData: (x: number, y: number, width: number, height: number) => {
        expect([x, y, width, height, this.shown]).toEqual([0, 0, 2, 1, true]);
        return pixels;
      },
    };
  }
}

const named = (name: string, parts: object) =>
  Object.assign(Object.create({ [Symbol.toStringTag]: name }) as object, parts) as ImageInput;

describe('photos in a browser, without tfjs', () => {
  beforeAll(() => {
    Object.assign(globalThis, { OffscreenCanvas: FakeCanvas });
  });
  afterAll(() => {
    Reflect.deleteProperty(globalThis, 'OffscreenCanvas');
  });

  test('a canvas', () => {
    expect(overlay(new FakeCanvas(2, 1, true) as unknown as ImageInput, map)).toEqual(expected);
  });

  test.each([
    ['HTMLImageElement', { naturalWidth: 2, naturalHeight: 1, width: 8, height: 8 }],
    ['HTMLVideoElement', { videoWidth: 2, videoHeight: 1, width: 0, height: 0 }],
    ['ImageBitmap', { width: 2, height: 1 }],
  ])('%s, of whatever window, in its own size', (name, size) => {
    expect(overlay(named(name, size), map)).toEqual(expected);
  });

  test('a canvas in use for WebGL is drawn', () => {
    const busy = { width: 2, height: 1, getContext: () => null };
    expect(overlay(busy as unknown as ImageInput, map)).toEqual(expected);
  });

  test('an image that has not loaded', () => {
    const image = named('HTMLImageElement', { naturalWidth: 0, naturalHeight: 0 });
    expect(() => overlay(image, map)).toThrow(
      exactly(
        new RangeError(
          "overlay: image's width and height must be positive (has it loaded?), got [0, 0]",
        ),
      ),
    );
  });
});

test.each<[unknown, Error]>([
  [
    'photo.jpg',
    new TypeError(
      'overlay: image must be a tensor, numbers { data, shape }, pixels { data, width, height }, ' +
        "or an image, canvas, video or ImageBitmap, got 'photo.jpg'",
    ),
  ],
  [
    { ...pixels, width: 3 },
    new RangeError(
      'overlay: image.data.length must be 3 (gray), 9 (RGB) or 12 (RGBA) for 3 x 1 pixels, got 8',
    ),
  ],
  [
    { data: new Uint8Array(4), shape: [1, 2, 2] },
    new RangeError(
      'overlay: image must be of shape [h, w, c] or [1, h, w, c] with c = 1, 3 or 4 and no size 0, ' +
        'got numbers of shape [1, 2, 2]',
    ),
  ],
])('overlay: an image of no use: %p', (image, error) => {
  expect(() => overlay(image as ImageInput, map)).toThrow(exactly(error));
});
