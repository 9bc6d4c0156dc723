import * as tf from '@tensorflow/tfjs-core';
import { overlay } from '../../src/picture/overlay';
import { toCanvas, toImageData } from '../../src/picture/pixels';
import type { CanvasLike } from '../../src/picture/pixels';
import { describeOnEachBackend } from '../backends';
import { exactly } from './exactly';

/** A canvas that keeps what is put on it; resizing clears it, as the real ones do. */
class FakeCanvas implements CanvasLike {
  width = 300;
  height = 150;
  shown:
    { data: Uint8ClampedArray; width: number; height: number; x: number; y: number } | undefined;

  getContext() {
    return {
      createImageData: (width: number, height: number) => ({
        data: new Uint8ClampedArray(4 * width * height),
      }),
      putImageData: ({ data }: { data: Uint8ClampedArray }, x: number, y: number) => {
        this.shown = { data, width: this.width, height: this.height, x, y };
      },
    };
  }
}

// The real canvases have to be canvases to the type checker, too.
const isCanvas = (canvas: HTMLCanvasElement | OffscreenCanvas): CanvasLike => canvas;

const rgba = [1, 2, 3, 255, 4, 5, 6, 255];

describeOnEachBackend('toImageData and toCanvas', () => {
  const picture = () => tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 2, 3], 'int32');

  test('rows of opaque RGBA', async () => {
    const { data, width, height } = await toImageData(picture());
    expect([width, height]).toEqual([2, 1]);
    expect(data).toBeInstanceOf(Uint8ClampedArray);
    expect(Array.from(data)).toEqual(rgba);
  });

  test('floats are rounded, and may pass the ends by less than half', async () => {
    const { data } = await toImageData(tf.tensor3d([-0.4, 0.4, 0.6, 254.6, 255.4, 3.2], [1, 2, 3]));
    expect(Array.from(data)).toEqual([0, 0, 1, 255, 255, 255, 3, 255]);
  });

  test('what it returns is an image again', async () => {
    const picture = tf.randomUniformInt([4, 5, 3], 0, 256, 21);
    const again = overlay(await toImageData(picture), tf.zeros([1, 1]), { alpha: 0 });
    expect(again.arraySync()).toEqual(picture.arraySync());
  });

  test('a canvas takes the size of the picture and then its pixels', async () => {
    const canvas = new FakeCanvas();
    await toCanvas(picture(), canvas);
    expect(canvas.shown).toEqual({
      data: Uint8ClampedArray.from(rgba),
      width: 2,
      height: 1,
      x: 0,
      y: 0,
    });
    expect([canvas.width, canvas.height]).toEqual([2, 1]);
  });

  test('no tensor is made', async () => {
    const given = picture();
    const before = tf.memory().numTensors;
    await toImageData(given);
    await toCanvas(given, new FakeCanvas());
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('toImageData and toCanvas: wrong arguments', () => {
  test('what is no picture', async () => {
    await expect(toImageData(tf.zeros([2, 2]))).rejects.toThrow(
      exactly(
        new RangeError(
          'toImageData: picture must be an RGB picture of shape [h, w, 3] with no size 0, got a tensor of shape [2, 2]',
        ),
      ),
    );
    await expect(toImageData(tf.fill([1, 1, 3], 256, 'int32'))).rejects.toThrow(
      exactly(new RangeError('toImageData: picture must be RGB values from 0 to 255, got 256')),
    );
    await expect(toCanvas('picture' as unknown as tf.Tensor, new FakeCanvas())).rejects.toThrow(
      exactly(new TypeError("toCanvas: picture must be a tensor, got 'picture'")),
    );
  });

  test('what is no canvas, or one in use for WebGL', async () => {
    const picture = tf.zeros([1, 1, 3]);
    await expect(toCanvas(picture, null as unknown as CanvasLike)).rejects.toThrow(
      exactly(new TypeError('toCanvas: canvas must be a canvas, got null')),
    );
    const busy: CanvasLike = { width: 1, height: 1, getContext: () => null };
    await expect(toCanvas(picture, busy)).rejects.toThrow(
      exactly(
        new TypeError('toCanvas: canvas must give a 2D context, got one in use for another kind'),
      ),
    );
    expect(isCanvas).toHaveLength(1);
  });
});
