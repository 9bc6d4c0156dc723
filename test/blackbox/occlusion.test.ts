// Oracles: additive models, whose score falls by the hidden part's sum; a count of the windows.
import * as tf from '@tensorflow/tfjs-core';
import { occlusion } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';
import { additive, random, shares } from './additive.js';

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** The mean, over the windows [begin, end) that cover a place, of the sums of what they hide. */
function expected(
  value: (y: number, x: number) => number,
  rows: number[][],
  columns: number[][],
  [height, width]: [number, number],
): number[] {
  const windows = rows.flatMap((r) => columns.map((c) => ({ r, c })));
  const sumOf = ({ r, c }: { r: number[]; c: number[] }) =>
    range(height).reduce(
      (sum, y) =>
        sum +
        range(width).reduce(
          (row, x) => row + (y >= r[0]! && y < r[1]! && x >= c[0]! && x < c[1]! ? value(y, x) : 0),
          0,
        ),
      0,
    );
  return range(height).flatMap((y) =>
    range(width).map((x) => {
      const over = windows.filter(({ r, c }) => y >= r[0]! && y < r[1]! && x >= c[0]! && x < c[1]!);
      return over.reduce((sum, window) => sum + sumOf(window), 0) / Math.max(1, over.length);
    }),
  );
}

describeOnEachBackend('occlusion', () => {
  const v = () => random([5, 7, 2], 1);
  const image = () => random([1, 5, 7, 2], 2);
  const valueOf = (baseline: number) => {
    const parts = shares(v(), image(), baseline);
    return (y: number, x: number) => parts[(y * 7 + x) * 2]! + parts[(y * 7 + x) * 2 + 1]!;
  };

  test('of an additive model: the hidden sums, overlaps averaged, cut off at the border', () => {
    const map = occlusion(additive(v()), image(), 0, { window: 3, stride: 2, baseline: 0.5 });
    expect(map.shape).toEqual([1, 5, 7, 1]);
    const rows = [
      [0, 3],
      [2, 5],
    ];
    const columns = [
      [0, 3],
      [2, 5],
      [4, 7],
    ];
    expectClose(map, expected(valueOf(0.5), rows, columns, [5, 7]), 1e-5);
  });

  test('windows and strides of their own along each axis, the remainder cut off', () => {
    const options = { window: [2, 3], stride: [3, 3] };
    const map = occlusion(additive(v()), image(), 1, options);
    const rows = [
      [0, 2],
      [3, 5],
    ];
    const columns = [
      [0, 3],
      [3, 6],
      [6, 7],
    ];
    const of = valueOf(0);
    expectClose(
      map,
      expected((y, x) => -of(y, x), rows, columns, [5, 7]),
      1e-5,
    );
  });

  test('a window of one place is exact for each, which is the default of small images', () => {
    const of = valueOf(0);
    const each = range(35).map((i) => of(Math.floor(i / 7), i % 7));
    expectClose(occlusion(additive(v()), image(), 0, { window: 1 }), each, 1e-5);
    expectClose(occlusion(additive(v()), image(), 0), each, 1e-5);
  });

  test('the default window is a tenth of the shorter side', async () => {
    let passes = 0;
    const counted = (x: tf.Tensor) => {
      passes++;
      return tf.sum(x, [1, 2]);
    };
    occlusion(counted, tf.ones([1, 20, 45, 1]), 0).dispose();
    expect(passes).toBe(1 + 10 * 23);
  });

  test('of a table row: each feature; of a spectrogram: windows over time and frequency', () => {
    const weights = random([6], 3);
    const row = random([1, 6], 4);
    const features = occlusion(additive(weights), row, 0);
    expect(features.shape).toEqual([1, 6]);
    expectClose(features, shares(weights, row, 0), 1e-5);
    const [w, mel] = [random([4, 3], 5), random([2, 4, 3], 6)];
    const maps = occlusion(additive(w), mel, 0, { window: 1, batchSize: 4 });
    expect(maps.shape).toEqual([2, 4, 3]);
    expectClose(maps, shares(w, mel, 0), 1e-5);
  });

  test('of a constant model: 0', () => {
    const constant = (x: tf.Tensor) => tf.add(tf.mul(tf.sum(x, [1, 2]), 0), 3);
    expectClose(occlusion(constant, image(), 0), new Float32Array(35));
  });

  test('the mean over several baselines', () => {
    const baselines = tf.stack([tf.fill([5, 7, 2], 1), tf.fill([5, 7, 2], 3)]);
    const options = { window: 2, stride: 1 };
    const map = occlusion(additive(v()), image(), 0, { ...options, baseline: baselines });
    const middle = occlusion(additive(v()), image(), 0, { ...options, baseline: 2 });
    expectClose(map, middle.dataSync(), 1e-5);
  });

  test('leaves nothing behind', () => {
    const [weights, x] = [v(), image()];
    const model = (input: tf.Tensor) => tf.tidy(() => additive(weights)(input));
    expectNoLeak(() => occlusion(model, x, 'argmax', { window: 2 }));
  });

  test('refuses windows that do not fit', () => {
    expectError(
      () => occlusion(additive(v()), image(), 0, { window: [1, 2, 3] }),
      RangeError,
      'occlusion: window must be a number, or 2 of them, one for each axis, got [1, 2, 3]',
    );
    expectError(
      () => occlusion(additive(v()), image(), 0, { stride: [1, 0] }),
      RangeError,
      'occlusion: stride[1] must be a positive integer, got 0',
    );
  });
});
