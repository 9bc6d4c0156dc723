// Oracle: plain JavaScript in float64, of the same samples; the errors are those of this thread.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { GradientError, smoothGrad } from 'tfjs-saliency';
import { Convergence } from '../../src/smoothing/convergence.js';
import type { Statistic } from '../../src/smoothing/statistic.js';
import { MergedRun } from '../../src/worker/connect/mergedRun.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';
import { powers } from './models.js';
import { connect } from './workers.js';

const SAMPLES = 9;
const mean = (values: number[]) => values.reduce((sum, each) => sum + each / values.length, 0);
const variance = (values: number[]) => mean(values.map((each) => (each - mean(values)) ** 2));

/** [samples][pixels] */
const numbers = (scale: number) =>
  Array.from({ length: SAMPLES }, (_, sample) =>
    Array.from({ length: 4 }, (_, i) => Math.fround(scale * Math.sin(7 * sample + i * i))),
  );

/** Chunks of two samples, each of a worker's own. */
async function merge(samples: number[][], statistic: Statistic): Promise<MergedRun> {
  const merged = new MergedRun(statistic === 'variance');
  for (let first = 0; first < SAMPLES; first += 2) {
    const chunk = samples.slice(first, first + 2);
    const convergence = new Convergence(statistic, statistic !== 'variance', false);
    tf.tidy(() => {
      convergence.add(tf.tensor2d(chunk), ([0, 1] as const).slice(0, chunk.length));
    });
    merged.add({ moments: await convergence.moments(), maps: 1, shape: [4], classIndex: 0 });
    convergence.dispose();
  }
  return merged;
}

test.each([
  ['mean', 3e38],
  ['mean', 3e-24],
  ['meanAbs', 1e19],
  ['meanSquare', 1e12],
  ['meanSquare', 1e-13],
  ['variance', 1.2e19],
] as const)('the %s of gradients of %d, and its standard error', async (statistic, scale) => {
  const samples = numbers(scale);
  const values = (i: number) =>
    samples.map((sample) => {
      if (statistic === 'meanSquare') return sample[i]! ** 2;
      return statistic === 'meanAbs' ? Math.abs(sample[i]!) : sample[i]!;
    });
  const merged = await merge(samples, statistic);
  const pixels = [0, 1, 2, 3];
  const of = statistic === 'variance' ? variance : mean;
  expectClose(
    tf.tensor1d(merged.map().data),
    pixels.map((i) => of(values(i))),
    1e-6,
  );
  if (statistic === 'variance') return;
  expectClose(
    tf.tensor1d(merged.standardError(false).data),
    pixels.map((i) => Math.sqrt(variance(values(i)) / (SAMPLES - 1))),
    1e-6,
  );
});

test.each(['meanSquare', 'variance'] as const)(
  'a %s beyond float32 is the error that smoothGrad has',
  async (statistic) => {
    const x = tf.fill([1, 2, 3, 2], 1e10);
    const options = { samples: 6, stdDev: 3e9, seed: 1, batchSize: 1, statistic };
    const run = () => smoothGrad((rows) => powers(rows), x, 1, options);
    const message =
      'smoothGrad: the map has numbers beyond float32 (3.4e38), and so has the square of the gradient ' +
      "at sample 0; scale the score down, or use the statistic 'meanAbs'";
    expectError(run, GradientError, message);
    const { saliency } = connect(2);
    await expect(saliency.smoothGrad({}, x, 1, options)).rejects.toThrow(message);
  },
);
