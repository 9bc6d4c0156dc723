import * as tf from '@tensorflow/tfjs-core';
import { limitsOf, normalize } from '../../src/picture/normalize';
import type { LimitsOptions, NormalizeOptions } from '../../src/picture/normalize';
import { describeOnEachBackend, expectNoLeak } from '../backends';
import { exactly } from './exactly';

/**
 * Independent of the library: numpy's definition for method 'linear', by virtual index, from its
 * documentation.
 */
function numpyPercentile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const virtualIndex = (q / 100) * (sorted.length - 1);
  const i = Math.trunc(virtualIndex);
  const gamma = virtualIndex - i;
  return (1 - gamma) * sorted[i]! + gamma * (sorted[i + 1] ?? 0);
}

const clip = (value: number, lowest: number) => Math.min(1, Math.max(lowest, value));

function expectClose(actual: tf.Tensor, expected: readonly number[]): void {
  const values = Array.from(actual.dataSync());
  expect(values).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, 6);
  });
}

const random = (seed: number, ...shape: number[]) => tf.randomNormal(shape, 0, 3, 'float32', seed);

describeOnEachBackend('normalize', () => {
  test.each([50, 90, 99, 99.9, 100])(
    "positive: PAIR's clip((m - min) / (P - min), 0, 1) at percentile %p",
    (q) => {
      const map = tf.abs(random(1, 13, 17));
      const values = Array.from(map.dataSync());
      const [min, high] = [Math.min(...values), numpyPercentile(values, q)];
      const result = normalize(map, { percentile: q });
      expect(result.shape).toEqual([13, 17]);
      expect(result.dtype).toBe('float32');
      expectClose(
        result,
        values.map((m) => clip((m - min) / (high - min), 0)),
      );
    },
  );

  test('diverging: m / (percentile of |m|), cut to -1..1, so odd in the map', () => {
    const map = random(2, 13, 17);
    const values = Array.from(map.dataSync());
    const high = numpyPercentile(values.map(Math.abs), 95);
    const result = normalize(map, { mode: 'diverging', percentile: 95 });
    expectClose(
      result,
      values.map((m) => clip(m / high, -1)),
    );
    expectClose(
      normalize(tf.neg(map), { mode: 'diverging', percentile: 95 }),
      Array.from(result.dataSync()).map((m) => -m),
    );
  });

  test('the percentile defaults to 99 and the mode to positive', () => {
    const map = random(3, 20, 20);
    expect(limitsOf(map)).toEqual(limitsOf(map, { percentile: 99, mode: 'positive' }));
    expect(limitsOf(map)[1]).toBeCloseTo(numpyPercentile(Array.from(map.dataSync()), 99), 6);
  });

  test("numpy's example: the 25th percentile of 1, 2, 3, 4 is 1.75", () => {
    expect(
      limitsOf(
        tf.tensor2d([
          [4, 1],
          [3, 2],
        ]),
        { percentile: 25 },
      ),
    ).toEqual([1, 1.75]);
  });

  test('a positive scale and, if positive, a shift of the map change nothing', () => {
    const map = random(4, 9, 9);
    expectClose(normalize(tf.add(tf.mul(map, 40), 7)), Array.from(normalize(map).dataSync()));
    const options = { mode: 'diverging' } as const;
    expectClose(
      normalize(tf.mul(map, 40), options),
      Array.from(normalize(map, options).dataSync()),
    );
  });

  test.each([-3, 0, 0.1])('a map that is %p everywhere becomes 0', (value) => {
    expectClose(normalize(tf.fill([2, 2], value)), [0, 0, 0, 0]);
  });

  test('diverging: a map that is 0 everywhere becomes 0, any other constant its sign', () => {
    expectClose(normalize(tf.zeros([2, 2]), { mode: 'diverging' }), [0, 0, 0, 0]);
    expectClose(normalize(tf.fill([2, 2], -3), { mode: 'diverging' }), [-1, -1, -1, -1]);
  });

  test('an all-negative map: the highest value is 1, or diverging the lowest -1', () => {
    const map = tf.tensor2d([
      [-1, -2],
      [-3, -5],
    ]);
    expectClose(normalize(map, { percentile: 100 }), [1, 0.75, 0.5, 0]);
    expectClose(normalize(map, { percentile: 100, mode: 'diverging' }), [-0.2, -0.4, -0.6, -1]);
  });

  test('one hot pixel, or two that differ, show although the percentile sees none', () => {
    const hot = (...values: number[]) =>
      tf.tensor2d([...values, ...new Array<number>(400 - values.length).fill(0)], [20, 20]);
    expect(Array.from(normalize(hot(5)).dataSync().slice(0, 3))).toEqual([1, 0, 0]);
    expect(Array.from(normalize(hot(5, 10)).dataSync().slice(0, 3))).toEqual([0.5, 1, 0]);
    expect(
      Array.from(normalize(hot(5, -10), { mode: 'diverging' }).dataSync().slice(0, 3)),
    ).toEqual([0.5, -1, 0]);
  });

  test('values of the greatest float32 magnitudes do not overflow', () => {
    expectClose(normalize(tf.tensor2d([[-3e38, 0, 3e38]]), { percentile: 100 }), [0, 0.5, 1]);
  });

  test('integer and boolean maps become float32', () => {
    expectClose(
      normalize(tf.tensor2d([[0, 2, 4]], [1, 3], 'int32'), { percentile: 100 }),
      [0, 0.5, 1],
    );
    expectClose(normalize(tf.tensor2d([[0, 1]], [1, 2], 'bool'), { percentile: 100 }), [0, 1]);
  });

  test("each image of a batch has its own limits: batch i is image i's own result", () => {
    const images = [random(5, 6, 7), tf.mul(random(6, 6, 7), 100)] as tf.Tensor2D[];
    const batch = normalize(tf.stack(images));
    expect(batch.shape).toEqual([2, 6, 7]);
    expectClose(
      batch,
      images.flatMap((image) => Array.from(normalize(image).dataSync())),
    );
  });

  test('shared limits are those of the whole batch, or those given', () => {
    const maps = tf.tensor3d([[[0, 1]], [[2, 4]]]);
    expectClose(normalize(maps, { percentile: 100, shared: true }), [0, 0.25, 0.5, 1]);
    expectClose(normalize(maps, { shared: [1, 3] }), [0, 0, 0.5, 1]);
    expectClose(normalize(maps, { mode: 'diverging', shared: [-2, 2] }), [0, 0.5, 1, 1]);
    expectClose(normalize(maps, { shared: [2, 2] }), [0, 0, 0, 0]);
  });

  test('limitsOf one map serves another', () => {
    const [reference, other] = [random(7, 8, 8), random(8, 5, 5)];
    for (const mode of ['positive', 'diverging'] as const) {
      const [min, max] = limitsOf(reference, { mode });
      const own = normalize(reference, { mode });
      expectClose(normalize(reference, { mode, shared: [min, max] }), Array.from(own.dataSync()));
      const zero = mode === 'positive' ? min : 0;
      expectClose(
        normalize(other, { mode, shared: [min, max] }),
        Array.from(other.dataSync()).map((m) =>
          clip((m - zero) / (max - zero), mode === 'positive' ? 0 : -1),
        ),
      );
    }
  });

  test('the caller owns the result and the library nothing; the map is unchanged', () => {
    const map = random(9, 2, 4, 4);
    const before = Array.from(map.dataSync());
    expectNoLeak(() => normalize(map, { mode: 'diverging', shared: true }));
    expectNoLeak(() => {
      limitsOf(map);
    });
    expect(Array.from(map.dataSync())).toEqual(before);
  });

  test.each([NaN, Infinity, -Infinity])('a map with %p throws and leaves no tensor', (value) => {
    const map = tf.tensor2d([[1, value]]);
    const error = new RangeError(`normalize: map must be finite everywhere, got ${value}`);
    expectNoLeak(() => {
      expect(() => normalize(map)).toThrow(exactly(error));
    });
    expect(() => limitsOf(map)).toThrow(
      exactly(new RangeError(`limitsOf: map must be finite everywhere, got ${value}`)),
    );
  });
});

describe('normalize: wrong arguments', () => {
  const map = () => tf.tensor2d([[1, 2]]);
  const limits = 'shared must be true, false or finite limits [min, max] with min <= max';

  test.each<[unknown, Error]>([
    [
      { percentil: 9 },
      new TypeError("normalize: unknown option 'percentil', did you mean 'percentile'?"),
    ],
    [
      { percentile: '99' },
      new TypeError("normalize: percentile must be a number in (0, 100], got '99'"),
    ],
    [
      { percentile: 0 },
      new RangeError('normalize: percentile must be a number in (0, 100], got 0'),
    ],
    [
      { percentile: 101 },
      new RangeError('normalize: percentile must be a number in (0, 100], got 101'),
    ],
    [
      { percentile: NaN },
      new RangeError('normalize: percentile must be a number in (0, 100], got NaN'),
    ],
    [
      { mode: 'abs' },
      new RangeError("normalize: mode must be one of 'positive', 'diverging', got 'abs'"),
    ],
    [{ shared: 'batch' }, new TypeError(`normalize: ${limits}, got 'batch'`)],
    [{ shared: [1] }, new TypeError(`normalize: ${limits}, got [1]`)],
    [{ shared: [2, 1] }, new RangeError(`normalize: ${limits}, got [2, 1]`)],
    [{ shared: [0, NaN] }, new RangeError(`normalize: ${limits}, got [0, NaN]`)],
    [
      { shared: [0, 1], mode: 'diverging' },
      new RangeError(
        "normalize: shared must be limits [-max, max] for mode 'diverging', got [0, 1]",
      ),
    ],
  ])('options %p', (options, error) => {
    expect(() => normalize(map(), options as NormalizeOptions)).toThrow(exactly(error));
  });

  test('limitsOf knows no shared limits', () => {
    const options = { shared: true } as LimitsOptions;
    expect(() => limitsOf(map(), options)).toThrow(
      exactly(new TypeError("limitsOf: unknown option 'shared', known are percentile, mode")),
    );
  });

  test('maps of no use', () => {
    const expected =
      'normalize: map must be of shape [h, w] or [n, h, w] with no size 0, got a tensor of shape';
    expect(() => normalize(tf.zeros([2]))).toThrow(exactly(new RangeError(`${expected} [2]`)));
    expect(() => normalize(tf.zeros([1, 1, 2, 2, 1]))).toThrow(/no size 0, got a tensor of shape/);
    expect(() => normalize(tf.zeros([0, 2]))).toThrow(
      exactly(new RangeError(`${expected} [0, 2]`)),
    );
    expect(() => normalize([[1]] as unknown as tf.Tensor)).toThrow(
      exactly(new TypeError('normalize: map must be a tensor, got [[1]]')),
    );
  });
});
