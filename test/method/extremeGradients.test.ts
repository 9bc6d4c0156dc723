// Oracle: plain JavaScript in float64, of the same samples; and what float32 can hold.
import * as tf from '@tensorflow/tfjs-core';
import type { SmoothGradStepsOptions } from 'tfjs-saliency';
import { GradientError, smoothGrad, smoothGradAsync, smoothGradSteps } from 'tfjs-saliency';
import { Convergence } from '../../src/smoothing/convergence.js';
import type { Statistic } from '../../src/smoothing/statistic.js';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from './expectClose.js';
import { expectError } from './expectError.js';
import { stepsOf } from './stepsOf.js';

const SAMPLES = 12;
const PIXELS = 7;

/** [samples][pixels], of either sign and up to about 1.1, one pixel always 0. */
const numbers = (scale: number) =>
  Array.from({ length: SAMPLES }, (_, sample) =>
    Array.from({ length: PIXELS }, (_, i) =>
      i === PIXELS - 1 ? 0 : Math.fround((scale * (Math.sin(7 * sample + i * i) + i / 4)) / 2),
    ),
  );

const perPixel = (samples: number[][], of: (values: number[]) => number) =>
  samples[0]!.map((_, i) => of(samples.map((sample) => sample[i]!)));
/** Without a sum that is beyond float64, which 1e308 is far from. */
const mean = (values: number[]) => values.reduce((sum, each) => sum + each / values.length, 0);
const variance = (values: number[]) => mean(values.map((each) => (each - mean(values)) ** 2));

const TRANSFORM: Record<Statistic, (g: number) => number> = {
  mean: (g) => g,
  meanAbs: Math.abs,
  meanSquare: (g) => g * g,
  variance: (g) => g,
};
const transformed = (samples: number[][], statistic: Statistic) =>
  samples.map((sample) => sample.map(TRANSFORM[statistic]));
const expectedMap = (samples: number[][], statistic: Statistic) =>
  perPixel(transformed(samples, statistic), statistic === 'variance' ? variance : mean);
const expectedError = (samples: number[][], statistic: Statistic) =>
  perPixel(transformed(samples, statistic), (values) =>
    Math.sqrt(variance(values) / (values.length - 1)),
  );

/** Chunks of one size, halves as smoothing has them. */
function converge(samples: number[][], statistic: Statistic, size: number, antithetic = false) {
  const convergence = new Convergence(statistic, statistic !== 'variance', antithetic);
  for (let first = 0; first < SAMPLES; first += size) {
    const chunk = samples.slice(first, first + size);
    const halfOf = chunk.map(
      (_, i) => (Math.floor((first + i) / (antithetic ? 2 : 1)) % 2) as 0 | 1,
    );
    tf.tidy(() => {
      convergence.add(tf.tensor2d(chunk), halfOf);
    });
  }
  return convergence;
}

/** Gradients whose statistic float32 holds: to its borders, and where its square is far outside. */
const SCALES: Record<Statistic, number[]> = {
  mean: [1, 2e38, 1.2e19, 3e-24, 1e-36],
  meanAbs: [1, 2e38, 1e19, 3e-24, 1e-36],
  meanSquare: [1, 1e12, 8e18, 1e-13, 1e-18],
  variance: [1, 1e12, 1.2e19, 1e-13, 1e-18],
};
const ROWS = Object.entries(SCALES).flatMap(([statistic, scales]) =>
  scales.map((scale) => [statistic as Statistic, scale] as const),
);

describeOnEachBackend('gradients of extreme size', () => {
  test.each(ROWS)('%s of %d, whole samples and several at once', (statistic, scale) => {
    const samples = numbers(scale);
    for (const size of [1, 5, SAMPLES]) {
      const before = tf.memory().numTensors;
      const convergence = converge(samples, statistic, size);
      const map = convergence.map();
      expectClose(map, expectedMap(samples, statistic), 2e-6);
      map.dispose();
      if (statistic !== 'variance') {
        const error = convergence.standardError();
        expectClose(error, expectedError(samples, statistic), 4e-6);
        error.dispose();
      }
      convergence.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  test.each(ROWS)(
    '%s of %d: the reliability is that of gradients of 1',
    async (statistic, scale) => {
      const [reliability] = await converge(numbers(scale), statistic, 1).reliability(1);
      const [ordinary] = await converge(numbers(1), statistic, 1).reliability(1);
      expect(reliability).toBeCloseTo(ordinary!, 5);
      expect(ordinary).toBeGreaterThan(0);
    },
  );

  test.each(ROWS.filter(([statistic]) => statistic !== 'variance'))(
    '%s of %d: the standard error of antithetic pairs',
    (statistic, scale) => {
      const samples = numbers(scale);
      const values = transformed(samples, statistic);
      const pairs = Array.from({ length: SAMPLES / 2 }, (_, pair) =>
        values[2 * pair]!.map((each, i) => each / 2 + values[2 * pair + 1]![i]! / 2),
      );
      for (const size of [1, 5, SAMPLES]) {
        const error = converge(samples, statistic, size, true).standardError();
        expectClose(error, expectedError(pairs, 'mean'), 4e-6);
      }
    },
  );

  test('a pixel that is far smaller than the others keeps its digits', () => {
    const samples = numbers(1).map((sample) => sample.map((each, i) => each * 10 ** (-3 * i)));
    for (const statistic of ['meanSquare', 'variance'] as const) {
      const map = converge(samples, statistic, 5).map().dataSync();
      expectedMap(samples, statistic).forEach((expected, i) => {
        expect(Math.abs(map[i]! - expected)).toBeLessThanOrEqual(4e-6 * expected);
      });
    }
  });
});

/** Its gradient is the noise times `scale`, at 0 and of deviation 1. */
const model = (scale: number, of: (sample: number) => number = () => 1) => {
  let sample = 0;
  return (x: tf.Tensor) => {
    const factors = Array.from({ length: x.shape[0]! }, () => scale * of(sample++));
    return tf.sum(
      tf.mul(tf.mul(tf.square(x), 0.5), tf.tensor2d(factors, [x.shape[0]!, 1])),
      1,
      true,
    );
  };
};
const OPTIONS = { samples: 6, stdDev: 1, seed: 3, batchSize: 1 } as const;
const zeros = () => tf.zeros([1, PIXELS]);
const messageOf = (caller: string, sample: number) =>
  `${caller}: the map has numbers beyond float32 (3.4e38), and so has the square of the gradient at sample ${sample}; ` +
  `scale the score down, or use the statistic 'meanAbs'`;

describeOnEachBackend('a map that float32 does not hold', () => {
  test.each(['meanSquare', 'variance'] as const)('of %s is an error', async (statistic) => {
    const x = zeros();
    const before = tf.memory().numTensors;
    const run = () => smoothGrad(model(1e21), x, 0, { ...OPTIONS, statistic });
    expectError(run, GradientError, messageOf('smoothGrad', 0));
    await expect(smoothGradAsync(model(1e21), x, 0, { ...OPTIONS, statistic })).rejects.toThrow(
      messageOf('smoothGradAsync', 0),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  test('names the first sample whose square is beyond float32', () => {
    const grows = (sample: number) => (sample < 4 ? 1e-10 : 1);
    const options = { ...OPTIONS, statistic: 'meanSquare' } as const;
    expectError(
      () => smoothGrad(model(1e21, grows), zeros(), 0, options),
      GradientError,
      messageOf('smoothGrad', 4),
    );
  });

  test('is told of a run with until, which ends', async () => {
    const options = {
      ...OPTIONS,
      samples: undefined,
      statistic: 'meanSquare',
      until: 0.5,
      maxSamples: 40,
    } as const;
    const x = tf.ones([1, PIXELS]);
    await expect(smoothGradAsync(model(1e21), x, 0, options)).rejects.toThrow('beyond float32');
  });

  test('is none where a few squares are beyond float32 and their mean is not', () => {
    const peak = (sample: number) => (sample === 2 ? 1 : 1e-10);
    const options = { ...OPTIONS, statistic: 'meanSquare', samples: 50 } as const;
    const x = tf.fill([1, PIXELS], 2);
    const map = smoothGrad(model(1.2e19, peak), x, 0, { ...options, stdDev: 1e-6 });
    expectClose(map, Array(PIXELS).fill(2.4e19 ** 2 / 50) as number[], 1e-5);
  });

  test('steps of meanSquare have its standard error', async () => {
    const options: SmoothGradStepsOptions = {
      ...OPTIONS,
      statistic: 'meanSquare',
      at: [6],
      standardError: true,
    };
    const [ordinary] = await stepsOf(smoothGradSteps(model(1), zeros(), 0, options));
    const [great] = await stepsOf(smoothGradSteps(model(1e12), zeros(), 0, options));
    const expected = Array.from(ordinary!.standardError!.dataSync(), (each) => each * 1e24);
    expectClose(great!.standardError!, expected, 4e-6);
  });
});
