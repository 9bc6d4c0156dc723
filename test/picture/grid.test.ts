import * as tf from '@tensorflow/tfjs-core';
import { grid } from '../../src/picture/grid';
import type { GridOptions } from '../../src/picture/grid';
import { describeOnEachBackend, expectNoLeak } from '../backends';
import { exactly } from './exactly';

const gray = (height: number, width: number, value: number) =>
  tf.fill([height, width, 3], value, 'int32');
const redChannel = (picture: tf.Tensor) =>
  tf.squeeze(tf.slice(picture, [0, 0, 0], [-1, -1, 1]), [2]).arraySync();

describeOnEachBackend('grid', () => {
  test('row by row, with gaps between and none around, the last row filled with background', () => {
    const pictures = [1, 2, 3].map((value) => gray(1, 2, value));
    const result = grid(pictures, { columns: 2, gap: 1, background: [9, 0, 0] });
    expect(result.dtype).toBe('int32');
    expect(redChannel(result)).toEqual([
      [1, 1, 9, 2, 2],
      [9, 9, 9, 9, 9],
      [3, 3, 9, 9, 9],
    ]);
  });

  test('smaller pictures are in the middle of their cell', () => {
    const result = grid([gray(3, 4, 1), gray(1, 2, 2)], {
      columns: 2,
      gap: 0,
      background: [0, 0, 0],
    });
    expect(redChannel(result)).toEqual([
      [1, 1, 1, 1, 0, 0, 0, 0],
      [1, 1, 1, 1, 0, 2, 2, 0],
      [1, 1, 1, 1, 0, 0, 0, 0],
    ]);
  });

  test('the background has its three channels, each picture too', () => {
    const picture = tf.tensor3d([1, 2, 3], [1, 1, 3]);
    const result = grid([picture, picture], { columns: 2, gap: 1, background: [4, 5, 6] });
    expect(result.arraySync()).toEqual([
      [
        [1, 2, 3],
        [4, 5, 6],
        [1, 2, 3],
      ],
    ]);
  });

  test('as square as can be, gaps of 4 and white unless told otherwise', () => {
    const picture = gray(2, 2, 0);
    const shapeOf = (count: number) =>
      grid(new Array<tf.Tensor>(count).fill(picture)).shape.slice(0, 2);
    expect([1, 2, 3, 4, 5].map(shapeOf)).toEqual([
      [2, 2],
      [2, 8],
      [8, 8],
      [8, 8],
      [8, 14],
    ]);
    expect(grid([picture, picture]).arraySync()[0]![3]).toEqual([255, 255, 255]);
  });

  test('fewer pictures than columns leave no empty column', () => {
    expect(grid([gray(2, 2, 0)], { columns: 5 }).shape).toEqual([2, 2, 3]);
  });

  test('a batch of pictures is the pictures of the batch', () => {
    const pictures = [1, 2, 3].map((value) => gray(2, 3, value));
    expect(grid(tf.stack(pictures)).arraySync()).toEqual(grid(pictures).arraySync());
  });

  test('the caller owns the result and the library nothing', () => {
    const pictures = [gray(2, 2, 0), gray(3, 3, 0)];
    const batch = tf.zeros([2, 4, 4, 3]);
    expectNoLeak(() => grid(pictures));
    expectNoLeak(() => grid(batch));
  });
});

describe('grid: wrong arguments', () => {
  const integer = 'three integers [red, green, blue] in 0..255';
  test.each<[unknown, Error]>([
    [{ columns: 0 }, new RangeError('grid: columns must be a positive integer, got 0')],
    [{ gap: -1 }, new RangeError('grid: gap must be an integer >= 0, got -1')],
    [{ gap: '4' }, new TypeError("grid: gap must be an integer >= 0, got '4'")],
    [{ background: 'white' }, new TypeError(`grid: background must be ${integer}, got 'white'`)],
    [{ background: [0, 0] }, new RangeError(`grid: background must be ${integer}, got [0, 0]`)],
    [
      { background: [0, 0, 256] },
      new RangeError(`grid: background must be ${integer}, got [0, 0, 256]`),
    ],
    [{ colums: 2 }, new TypeError("grid: unknown option 'colums', did you mean 'columns'?")],
  ])('options %p', (options, error) => {
    const run = () => grid([gray(1, 1, 0)], options as GridOptions);
    expect(run).toThrow(exactly(error));
  });

  test('pictures of no use', () => {
    expect(() => grid([])).toThrow(
      exactly(new RangeError('grid: pictures must be at least one picture, got []')),
    );
    expect(() => grid(3 as unknown as tf.Tensor)).toThrow(
      exactly(
        new TypeError(
          'grid: pictures must be an array of RGB pictures [h, w, 3], or a batch of them [n, h, w, 3], got 3',
        ),
      ),
    );
    expect(() => grid(tf.zeros([2, 2, 3]))).toThrow(
      exactly(
        new RangeError(
          'grid: pictures must be RGB pictures of shape [n, h, w, 3] with no size 0, got a tensor of shape [2, 2, 3]',
        ),
      ),
    );
    expect(() => grid([gray(1, 1, 0), tf.zeros([2, 2])])).toThrow(
      exactly(
        new RangeError(
          'grid: pictures[1] must be an RGB picture of shape [h, w, 3] with no size 0, got a tensor of shape [2, 2]',
        ),
      ),
    );
    expect(() => grid([gray(1, 1, 0), gray(1, 1, 256)])).toThrow(
      exactly(new RangeError('grid: pictures[1] must be RGB values from 0 to 255, got 256')),
    );
  });
});
