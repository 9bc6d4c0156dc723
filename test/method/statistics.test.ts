// Oracle: plain JavaScript in float64, over each sample's own gradient as the model's inputs give
// it.
import * as tf from '@tensorflow/tfjs-core';
import type { ChannelMethod, SmoothGradOptions } from 'tfjs-saliency';
import { smoothGrad } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from './expectClose.js';

const SHAPE = [2, 3, 4];
const SIZE = 24;
const SAMPLES = 7;
const W = Array.from({ length: SIZE * 3 }, (_, i) => Math.sin(i * i));

/** Three scores, z_c = sum_i (w_ic x_i)^3 / 3, whose gradients are w_ic (w_ic x_i)^2. */
const scores = (x: tf.Tensor) => {
  const products = tf.mul(tf.reshape(x, [-1, SIZE, 1]), tf.reshape(tf.tensor1d(W), [1, SIZE, 3]));
  return tf.div(tf.sum(tf.pow(products, 3), 1), 3);
};
const scoreOf = (x: number[], c: number) =>
  x.reduce((sum, value, i) => sum + (W[i * 3 + c]! * value) ** 3 / 3, 0);
const gradientOf = (x: number[], c: number) =>
  x.map((value, i) => W[i * 3 + c]! * (W[i * 3 + c]! * value) ** 2);

/** Runs smoothGrad, and what it should be made of: every noisy input that the model saw. */
function run(
  options: SmoothGradOptions,
  classIndex: number | 'argmax' = 1,
): { map: tf.Tensor; inputs: number[][] } {
  const inputs: number[][] = [];
  const model = (x: tf.Tensor) => {
    const rows = tf.reshape(x, [-1, SIZE]).arraySync() as number[][];
    inputs.push(...rows);
    return scores(x);
  };
  const x = tf.randomNormal(SHAPE, 0, 1, 'float32', 11);
  const all = { samples: SAMPLES, noiseLevel: 0.3, seed: 12, batchSize: 3, ...options };
  // A plain function gets its input with its batch dimension.
  const map = smoothGrad(model, tf.expandDims(x), classIndex, all);
  // The clean input comes first where its class is asked for.
  return { map, inputs: inputs.slice(-SAMPLES) };
}

const mean = (values: number[]) => values.reduce((sum, each) => sum + each) / values.length;
/** Of the samples of each pixel: [samples][pixels] -> [pixels]. */
const perPixel = (gradients: number[][], statistic: (values: number[]) => number) =>
  gradients[0]!.map((_, i) => statistic(gradients.map((gradient) => gradient[i]!)));

const STATISTICS = {
  mean,
  meanAbs: (values: number[]) => mean(values.map(Math.abs)),
  meanSquare: (values: number[]) => mean(values.map((v) => v * v)),
  variance: (values: number[]) => mean(values.map((v) => (v - mean(values)) ** 2)),
};
type Statistic = keyof typeof STATISTICS;

const CHANNELS: Partial<Record<ChannelMethod, (values: number[]) => number>> = {
  maxAbs: (values) => Math.max(...values.map(Math.abs)),
  sum: (values) => values.reduce((sum, each) => sum + each),
  l2: (values) => Math.hypot(...values),
};
const perChannel = (gradient: number[], aggregate: (values: number[]) => number) =>
  Array.from({ length: SIZE / 4 }, (_, pixel) =>
    aggregate(gradient.slice(pixel * 4, pixel * 4 + 4)),
  );

describeOnEachBackend('the statistics of the samples', () => {
  test.each(Object.keys(STATISTICS) as Statistic[])('%s', (statistic) => {
    const { map, inputs } = run({ statistic });
    expect(inputs).toHaveLength(SAMPLES);
    expect(map.shape).toEqual([1, ...SHAPE]);
    const gradients = inputs.map((x) => gradientOf(x, 1));
    expectClose(map, perPixel(gradients, STATISTICS[statistic]), 1e-5);
  });

  test.each(Object.keys(STATISTICS) as Statistic[])(
    '%s of channels aggregated in each sample',
    (statistic) => {
      for (const [aggregate, ofChannels] of Object.entries(CHANNELS)) {
        const { map, inputs } = run({ statistic, aggregate: aggregate as ChannelMethod });
        expect(map.shape).toEqual([1, 2, 3]);
        const gradients = inputs.map((x) => perChannel(gradientOf(x, 1), ofChannels));
        expectClose(map, perPixel(gradients, STATISTICS[statistic]), 1e-5);
      }
    },
  );

  test("perSampleArgmax: each sample's gradient is that of its own greatest score", () => {
    const { map, inputs } = run({ perSampleArgmax: true, noiseLevel: 0.6 }, 'argmax');
    const classes = inputs.map((x) => {
      const z = [0, 1, 2].map((c) => scoreOf(x, c));
      return z.indexOf(Math.max(...z));
    });
    // Else the test would tell nothing.
    expect(new Set(classes).size).toBeGreaterThan(1);
    expectClose(
      map,
      perPixel(
        inputs.map((x, i) => gradientOf(x, classes[i]!)),
        mean,
      ),
      1e-5,
    );
  });

  test("the article's recipe: own argmax, cross-entropy, maximum of |gradient| over channels, mean", () => {
    const { map, inputs } = run(
      { perSampleArgmax: true, noiseLevel: 0.6, aggregate: 'maxAbs', score: 'crossEntropy' },
      'argmax',
    );
    const maps = inputs.map((x) => {
      const z = [0, 1, 2].map((c) => scoreOf(x, c));
      const exps = z.map((each) => Math.exp(each - Math.max(...z)));
      const q = exps.map((each) => each / exps.reduce((sum, e) => sum + e));
      const label = z.indexOf(Math.max(...z));
      const loss = x.map((_, i) =>
        q.reduce((sum, p, c) => sum + (p - (c === label ? 1 : 0)) * gradientOf(x, c)[i]!, 0),
      );
      return perChannel(loss, CHANNELS.maxAbs!);
    });
    expectClose(map, perPixel(maps, mean), 1e-5);
  });

  test('a great mean with a small deviation keeps its variance', () => {
    // g = 1e4 + 2 x with x of deviation 1: E g^2 - (E g)^2 in float32 would be off by more than the
    // whole variance, 4.
    const inputs: number[] = [];
    const model = (x: tf.Tensor) => {
      inputs.push(...x.dataSync());
      return tf.add(tf.mul(x, 1e4), tf.square(x));
    };
    const options = {
      samples: 50,
      stdDev: 1,
      seed: 13,
      batchSize: 7,
      statistic: 'variance',
    } as const;
    const map = smoothGrad(model, tf.zeros([1, 1]), 0, options);
    expectClose(map, [STATISTICS.variance(inputs.map((x) => 1e4 + 2 * x))], 2e-3);
  });
});
