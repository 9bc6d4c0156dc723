/** Oracle: the same RGB pixels, given in each form, are the same input. */
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { hasBatchDimension } from '../../src/preprocessing/image.js';
import { createPreprocessing } from '../../src/preprocessing/preprocessing.js';
import { vgg16 } from '../../src/preprocessing/presets.js';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';

// 2 rows of 3 pixels.
const rgb = [255, 0, 1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150];
const rgba = withAlpha(rgb);
const plain = createPreprocessing({ name: 'plain', inputSize: [2, 3] });

function withAlpha(values: number[]): number[] {
  return values.flatMap((value, i) => (i % 3 === 2 ? [value, 7 * i] : [value]));
}

/** As much of a canvas as tf.browser.fromPixels uses. */
function canvasOf(width: number, height: number, data: number[]): HTMLCanvasElement {
  const context = { getImageData: () => ({ data: Uint8ClampedArray.from(data), width, height }) };
  return { width, height, getContext: () => context } as unknown as HTMLCanvasElement;
}

describeOnEachBackend('preprocess', () => {
  const pixels = { width: 3, height: 2 };
  const forms = {
    'Uint8ClampedArray RGBA': () => ({ ...pixels, data: Uint8ClampedArray.from(rgba) }),
    'Uint8Array RGBA': () => ({ ...pixels, data: Uint8Array.from(rgba) }),
    'Buffer RGB': () => ({ ...pixels, data: Buffer.from(rgb) }),
    'number[] RGBA': () => ({ ...pixels, data: rgba }),
    canvas: () => canvasOf(3, 2, rgba),
    'int32 tensor': () => tf.tensor3d(rgb, [2, 3, 3], 'int32'),
    'float32 tensor': () => tf.tensor3d(rgb, [2, 3, 3]),
    'tensor with alpha': () => tf.tensor3d(rgba, [2, 3, 4], 'int32'),
    'batch of one': () => tf.tensor4d(rgb, [1, 2, 3, 3]),
    'batch of one with alpha': () => tf.tensor4d(rgba, [1, 2, 3, 4]),
  };

  test.each(Object.entries(forms))('%s', (_, form) => {
    const input = tf.tidy(() => plain.preprocess(form()));
    expect(input.shape).toEqual([1, 2, 3, 3]);
    expect(input.dtype).toBe('float32');
    expect(Array.from(input.dataSync())).toEqual(rgb);
    input.dispose();
  });

  test.each(Object.entries(forms))('%s frees all but its result', (_, form) => {
    const image = form();
    expectNoLeak(() => plain.preprocess(image));
    if (image instanceof tf.Tensor) image.dispose();
  });

  test('bool tensors are 0 and 1', () => {
    const image = tf.tensor3d([true, false, true, true, true, false], [1, 2, 3], 'bool');
    const input = createPreprocessing({
      inputSize: [1, 2],
      range: [0, 1],
      channelOrder: 'bgr',
    }).preprocess(image);
    expect(Array.from(input.dataSync())).toEqual([1, 0, 1, 0, 1, 1]);
    tf.dispose([image, input]);
  });

  test('gray is repeated to RGB', () => {
    const gray = [0, 50, 100, 150, 200, 250];
    const expected = gray.flatMap((value) => [value, value, value]);
    const tensors = tf.tidy(() => [
      plain.preprocess(tf.tensor3d(gray, [2, 3, 1])),
      plain.preprocess(tf.tensor4d(gray, [1, 2, 3, 1])),
      plain.preprocess({ width: 3, height: 2, data: gray }),
    ]);
    for (const input of tensors) expect(Array.from(input.dataSync())).toEqual(expected);
    tf.dispose(tensors);
  });

  test('a batch keeps its images apart', () => {
    const reversed = [...rgb].reverse();
    const batch = tf.tensor4d(withAlpha([...rgb, ...reversed]), [2, 2, 3, 4]);
    const input = plain.preprocess(batch);
    expect(input.shape).toEqual([2, 2, 3, 3]);
    expect(Array.from(input.dataSync())).toEqual([...rgb, ...reversed]);
    tf.dispose([batch, input]);
  });

  test('the result is the caller’s: neither it nor the image dies with the other', () => {
    const image = tf.tensor4d(rgb, [1, 2, 3, 3]);
    const first = plain.preprocess(image);
    first.dispose();
    const second = plain.preprocess(image);
    image.dispose();
    expect(Array.from(second.dataSync())).toEqual(rgb);
    second.dispose();
  });

  test('an error leaves no tensor', () => {
    const image = tf.ones([2, 3, 5]);
    expectNoLeak(() => {
      expect(() => plain.preprocess(image)).toThrow(RangeError);
    });
    image.dispose();
  });
});

describe('images of another realm, as of a frame', () => {
  beforeAll(() => tf.setBackend('cpu'));
  afterEach(() => {
    delete (globalThis as { document?: unknown }).document;
  });

  /** An image whose class is not this realm's; that of a frame has the same name. */
  function foreignImage(className: string, properties: object): HTMLImageElement {
    const { Class } = runInNewContext(`
      class ${className} { get [Symbol.toStringTag]() { return '${className}' } }
      ({ Class: ${className} })
    `) as { Class: new () => object };
    return Object.assign(new Class(), properties) as HTMLImageElement;
  }

  /** Stands in for the page's document: its canvases remember what is drawn on them. */
  function documentOf(drawn: unknown[][]): void {
    const createElement = () => {
      const canvas = canvasOf(0, 0, rgba);
      const context = canvas.getContext('2d')!;
      Object.assign(context, { drawImage: (...args: unknown[]) => drawn.push(args) });
      return canvas;
    };
    Object.assign(globalThis, { document: { createElement } });
  }

  test.each([
    ['HTMLImageElement', { naturalWidth: 3, naturalHeight: 2, width: 30, height: 20 }],
    ['HTMLVideoElement', { videoWidth: 3, videoHeight: 2, width: 30, height: 20 }],
    ['ImageBitmap', { width: 3, height: 2 }],
  ])('%s is drawn in its own size', (name, properties) => {
    const drawn: unknown[][] = [];
    documentOf(drawn);
    const image = foreignImage(name, properties);
    const input = plain.preprocess(image);
    expect(Array.from(input.dataSync())).toEqual(rgb);
    expect(drawn).toEqual([[image, 0, 0, 3, 2]]);
    input.dispose();
  });

  test('canvases and pixels are read as they are', () => {
    const canvas = foreignImage('HTMLCanvasElement', canvasOf(3, 2, rgba));
    const pixels = foreignImage('ImageData', { data: rgba, width: 3, height: 2 });
    for (const image of [canvas, pixels]) {
      const input = plain.preprocess(image);
      expect(Array.from(input.dataSync())).toEqual(rgb);
      input.dispose();
    }
  });

  test('an image that has not loaded, and an element that is no image, are refused', () => {
    const unloaded = foreignImage('HTMLImageElement', { naturalWidth: 0, naturalHeight: 0 });
    expect(() => plain.preprocess(unloaded)).toThrow(
      new RangeError(
        "plain.preprocess: image's width and height must be positive (has it loaded?), got [0, 0]",
      ),
    );
    const link = foreignImage('HTMLAnchorElement', {});
    expect(() => plain.preprocess(link)).toThrow('got a HTMLAnchorElement');
  });
});

describe('preprocess refuses', () => {
  beforeAll(() => tf.setBackend('cpu'));

  const shape =
    'vgg16.preprocess: image must be of shape [h, w, c] or [n, h, w, c] with c = 1, 3 or 4 and no size 0';
  const kinds =
    'a tensor, pixels { data, width, height }, or an image, canvas, video or ImageBitmap';
  const decode =
    'decode it first: createImageBitmap in a browser, readImage of tfjs-saliency/node in Node';
  const cases: [image: () => unknown, type: typeof Error, message: string][] = [
    [() => tf.ones([5]), RangeError, `${shape}, got a tensor of shape [5]`],
    [() => tf.ones([2, 3]), RangeError, `${shape}, got a tensor of shape [2, 3]`],
    [() => tf.ones([2, 3, 2]), RangeError, `${shape}, got a tensor of shape [2, 3, 2]`],
    [() => tf.ones([1, 3, 2, 2]), RangeError, `${shape}, got a tensor of shape [1, 3, 2, 2]`],
    [() => tf.ones([1, 1, 3, 2, 3]), RangeError, `${shape}, got a tensor of shape [1, 1, 3, 2, 3]`],
    [() => tf.ones([0, 3, 3]), RangeError, `${shape}, got a tensor of shape [0, 3, 3]`],
    [
      () => canvasOf(0, 2, []),
      RangeError,
      "vgg16.preprocess: image's width and height must be positive (has it loaded?), got [0, 2]",
    ],
    [
      () => tf.tensor3d(['a', 'b', 'c'], [1, 1, 3], 'string'),
      TypeError,
      'vgg16.preprocess: image must be a numeric tensor, got dtype string',
    ],
    [
      () => {
        const image = tf.ones([2, 2, 3]);
        image.dispose();
        return image;
      },
      TypeError,
      'vgg16.preprocess: image must be a live tensor, got a disposed one',
    ],
    [
      () => ({ data: [1, 2], width: 3, height: 2 }),
      RangeError,
      'vgg16.preprocess: image.data.length must be 6 (gray), 18 (RGB) or 24 (RGBA) for 3 x 2 pixels, got 2',
    ],
    [
      () => ({ data: rgb, width: 0, height: 2 }),
      RangeError,
      'vgg16.preprocess: image.width must be a positive integer, got 0',
    ],
    [
      () => ({ data: rgb, width: 3 }),
      TypeError,
      'vgg16.preprocess: image.height must be a positive integer, got undefined',
    ],
    [() => undefined, TypeError, `vgg16.preprocess: image must be ${kinds}, got undefined`],
    [() => null, TypeError, `vgg16.preprocess: image must be ${kinds}, got null`],
    [
      () => 'photo.jpg',
      TypeError,
      `vgg16.preprocess: image must be ${kinds}, got 'photo.jpg'; ${decode}`,
    ],
    [
      () => Buffer.from([0xff, 0xd8]),
      TypeError,
      `vgg16.preprocess: image must be ${kinds}, got a Buffer; ${decode}`,
    ],
    [
      () => new Blob([]),
      TypeError,
      `vgg16.preprocess: image must be ${kinds}, got a Blob; ${decode}`,
    ],
    [
      () => Promise.resolve(),
      TypeError,
      `vgg16.preprocess: image must be ${kinds}, got a Promise; await it first`,
    ],
    [
      () => ({ data: Buffer.from(rgb), info: { width: 3, height: 2, channels: 3 } }),
      TypeError,
      'vgg16.preprocess: image must be pixels { data, width, height }, got { data, info }; ' +
        'of what sharp returns, give { data, ...info }',
    ],
    [() => [[[1, 2, 3]]], TypeError, `vgg16.preprocess: image must be ${kinds}, got [[[1, 2, 3]]]`],
    [
      () => ({ width: 2, height: 2 }),
      TypeError,
      `vgg16.preprocess: image must be ${kinds}, got { width, height }`,
    ],
  ];

  test.each(cases)('%s', (image, type, message) => {
    const run = () => tf.tidy(() => vgg16.preprocess(image() as tf.Tensor));
    expect(run).toThrow(type);
    expect(run).toThrow(new Error(message));
  });

  test.each([
    [
      () => tf.ones([2, 3, 4]),
      'vgg16.deprocess: input must be of shape [h, w, 3] or [n, h, w, 3], got a tensor of shape [2, 3, 4]',
    ],
    [
      () => tf.ones([3]),
      'vgg16.deprocess: input must be of shape [h, w, 3] or [n, h, w, 3], got a tensor of shape [3]',
    ],
    [() => [1, 2, 3], 'vgg16.deprocess: input must be a tensor, got [1, 2, 3]'],
  ])('deprocess: %s', (input, message) => {
    expect(() => tf.tidy(() => vgg16.deprocess(input() as tf.Tensor))).toThrow(new Error(message));
  });
});

test('only a tensor of rank 4 has a batch dimension', () => {
  const [one, batch] = [tf.ones([2, 2, 3]), tf.ones([1, 2, 2, 3])];
  expect(hasBatchDimension(one)).toBe(false);
  expect(hasBatchDimension(batch)).toBe(true);
  expect(hasBatchDimension({ data: rgb, width: 3, height: 2 })).toBe(false);
  expect(hasBatchDimension(canvasOf(3, 2, rgba))).toBe(false);
  tf.dispose([one, batch]);
});
