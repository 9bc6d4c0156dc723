// Oracle: a model that keeps every input it is given. The noise is what it saw, less the clean
// input.
import * as tf from '@tensorflow/tfjs-core';
import type { Preprocessing, SmoothGradOptions } from 'tfjs-saliency';
import { createPreprocessing, smoothGrad, vgg16 } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';

/** What the model saw when smoothGrad ran: each row of each pass, in order, as plain numbers. */
function seen(input: tf.Tensor, options: SmoothGradOptions): Float32Array[] {
  const rows: Float32Array[] = [];
  const model = (x: tf.Tensor): tf.Tensor => {
    const data = x.dataSync();
    const size = x.size / x.shape[0]!;
    for (let row = 0; row < x.shape[0]!; row++)
      rows.push(Float32Array.from(data.slice(row * size, (row + 1) * size)));
    return tf.sum(tf.reshape(x, [x.shape[0]!, -1]), 1, true);
  };
  smoothGrad(model, input, 0, options).dispose();
  return rows;
}

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, each) => sum + each, 0) / values.length;
const deviation = (values: ArrayLike<number>) =>
  Math.sqrt(mean(Array.from(values, (v) => (v - mean(values)) ** 2)));
const minus = (a: Float32Array, b: ArrayLike<number>) => a.map((each, i) => each - b[i]!);
const flat = (rows: Float32Array[]) => rows.flatMap((row) => [...row]);

/**
 * Five standard errors of the mean and of the deviation of Gaussian noise (of uniform noise they
 * are smaller).
 */
const fiveErrors = (sigma: number, count: number) => ({
  mean: (5 * sigma) / Math.sqrt(count),
  deviation: (5 * sigma) / Math.sqrt(2 * count),
});

function expectNoise(noise: number[], sigma: number): void {
  const errors = fiveErrors(sigma, noise.length);
  expect(Math.abs(mean(noise))).toBeLessThan(errors.mean);
  expect(Math.abs(deviation(noise) - sigma)).toBeLessThan(errors.deviation);
}

describeOnEachBackend('the noise that the model sees', () => {
  const IMAGE = tf.util.createShuffledIndices(300);
  const image = () => tf.tensor(Float32Array.from(IMAGE), [10, 10, 3]);
  const size = 300;

  test('has mean 0 and the deviation noiseLevel * (max - min)', () => {
    const rows = seen(tf.expandDims(image()), { samples: 40, noiseLevel: 0.2, seed: 1 });
    expect(rows).toHaveLength(40);
    expectNoise(flat(rows.map((row) => minus(row, IMAGE))), 0.2 * 299);
  });

  test('by default: 50 samples, Gaussian, of deviation 0.15 * (max - min)', () => {
    const rows = seen(tf.expandDims(image()), { seed: 2 });
    expect(rows).toHaveLength(50);
    const noise = flat(rows.map((row) => minus(row, IMAGE)));
    expectNoise(noise, 0.15 * 299);
    // Of a Gaussian, 31.7 % lie beyond one deviation and 4.55 % beyond two.
    for (const [beyond, share] of [
      [1, 0.3173],
      [2, 0.0455],
    ] as const) {
      const count = noise.filter((each) => Math.abs(each) > beyond * 0.15 * 299).length;
      expect(Math.abs(count / noise.length - share)).toBeLessThan(
        5 * Math.sqrt((share * (1 - share)) / noise.length),
      );
    }
  });

  test('has each image of a batch its own range, and the same numbers otherwise', () => {
    const batch = tf.stack([image(), tf.mul(image(), 0.01)]);
    const rows = seen(batch, { samples: 2, seed: 3 });
    const [first, second] = [
      minus(rows[0]!, IMAGE),
      minus(
        rows[1]!,
        Array.from(IMAGE, (v) => v * 0.01),
      ),
    ];
    first.forEach((value, i) => {
      expect(Math.abs(value / 100 - second[i]!)).toBeLessThan(1e-5);
    });
    // The next sample has others.
    expect(minus(rows[2]!, IMAGE)).not.toEqual(first);
  });

  test('has the deviation stdDev, in the scale of the input', () => {
    const noise = flat(
      seen(tf.expandDims(image()), { samples: 40, stdDev: 7, seed: 4 }).map((row) =>
        minus(row, IMAGE),
      ),
    );
    expectNoise(noise, 7);
  });

  test('is none at noiseLevel 0 and at stdDev 0, even for an image of equal numbers', () => {
    for (const options of [{ noiseLevel: 0 }, { stdDev: 0 }]) {
      for (const row of seen(tf.ones([1, 4]), { ...options, samples: 3 }))
        expect(row).toEqual(Float32Array.of(1, 1, 1, 1));
    }
  });

  test('is uniform, with the same deviation, between -sqrt(3) and sqrt(3) of it', () => {
    const rows = seen(tf.expandDims(image()), {
      samples: 40,
      stdDev: 2,
      noise: 'uniform',
      seed: 5,
    });
    const noise = flat(rows.map((row) => minus(row, IMAGE)));
    expectNoise(noise, 2);
    const bound = 2 * Math.sqrt(3) + 1e-4;
    expect(Math.max(...noise.map(Math.abs))).toBeLessThan(bound);
    expect(Math.max(...noise)).toBeGreaterThan(0.999 * bound);
    expect(Math.min(...noise)).toBeLessThan(-0.999 * bound);
    // Flat: a quarter of it lies in each quarter of the range.
    const inner = noise.filter((each) => Math.abs(each) < bound / 2).length / noise.length;
    expect(Math.abs(inner - 0.5)).toBeLessThan(2.5 / Math.sqrt(noise.length));
  });

  test('is what a function of yours returns, times the deviation', () => {
    const asked: unknown[] = [];
    const noise = (shape: number[], sample: number) => {
      asked.push([...shape, sample]);
      return tf.fill(shape, sample + 1);
    };
    const rows = seen(tf.tensor([[0, 1, 0, 1]]), { samples: 3, noiseLevel: 0.5, noise });
    expect(asked).toEqual([
      [4, 0],
      [4, 1],
      [4, 2],
    ]);
    expect(rows.map((row) => [...row])).toEqual([
      [0.5, 1.5, 0.5, 1.5],
      [1, 2, 1, 2],
      [1.5, 2.5, 1.5, 2.5],
    ]);
    const x = tf.tensor1d([1, 2]);
    expectNoLeak(() => smoothGrad((batch) => batch, x, 0, { samples: 3, noise }));
  });

  test('comes in pairs of a noise and its exact negative when antithetic, the same first ones as without', () => {
    const x = tf.zeros([1, size]);
    const noise = seen(x, { samples: 6, stdDev: 1, seed: 6, antithetic: true, batchSize: 4 });
    for (let pair = 0; pair < 3; pair++) {
      expect(noise[2 * pair + 1]).toEqual(noise[2 * pair]!.map((value) => -value));
    }
    const without = seen(x, { samples: 3, stdDev: 1, seed: 6 });
    expect(without).toEqual([noise[0], noise[2], noise[4]]);
  });

  test('differs from sample to sample and from seed to seed', () => {
    const x = tf.zeros([1, size]);
    const rows = [1, 2, 3].flatMap((seed) => seen(x, { samples: 5, stdDev: 1, seed }));
    expect(new Set(rows.map((row) => row.join())).size).toBe(15);
    // Independent ones correlate by no more than chance.
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j < i; j++) {
        const correlation = mean(rows[i]!.map((value, k) => value * rows[j]![k]!));
        expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(size));
      }
    }
  });
});

describeOnEachBackend('the noise with a preset', () => {
  const RANGES: [number, number][] = [
    [-2, 0],
    [0, 10],
    [-50, 50],
  ];
  const preset: Preprocessing = {
    name: 'threeRanges',
    inputSize: [20, 20],
    range: RANGES,
    preprocess: () => tf.zeros([1, 20, 20, 3]),
    deprocess: (x) => x,
  };
  const image = () => tf.zeros([20, 20, 3]);
  const channel = (rows: Float32Array[], c: number) =>
    rows.flatMap((row) => [...row].filter((_, i) => i % 3 === c));

  test("has of each channel the channel's own deviation", () => {
    const rows = seen(image(), { preprocess: preset, samples: 10, noiseLevel: 0.1, seed: 7 });
    RANGES.forEach(([least, greatest], c) => {
      expectNoise(channel(rows, c), 0.1 * (greatest - least));
    });
  });

  test('of vgg16: sigma 51 at 20 %, added after the means are subtracted', () => {
    const small = createPreprocessing({ ...vgg16.options, inputSize: [20, 20] });
    const rows = seen(tf.fill([20, 20, 3], 128, 'int32'), {
      preprocess: small,
      samples: 10,
      noiseLevel: 0.2,
      seed: 8,
    });
    [128 - 103.939, 128 - 116.779, 128 - 123.68].forEach((clean, c) => {
      expectNoise(
        channel(rows, c).map((value) => value - clean),
        51,
      );
    });
  });

  test('is clipped to the range of each channel, and only if asked', () => {
    const options = { preprocess: preset, samples: 4, noiseLevel: 0.3, seed: 9 };
    const free = seen(image(), options);
    const clipped = seen(image(), { ...options, clip: true });
    RANGES.forEach(([least, greatest], c) => {
      const expected = channel(free, c).map((value) => Math.min(greatest, Math.max(least, value)));
      expect(channel(clipped, c)).toEqual(expected);
      expect(expected).not.toEqual(channel(free, c));
    });
  });

  test('is stdDev for all channels if that is given', () => {
    expectNoise(flat(seen(image(), { preprocess: preset, samples: 4, stdDev: 3, seed: 10 })), 3);
  });
});
