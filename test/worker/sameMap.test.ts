// Oracle: the library's own functions in this thread, with the same seed.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { smoothGrad, smoothGradAsync, smoothGradSteps } from 'tfjs-saliency';
import type {
  ClassIndex,
  Progress,
  SmoothGradOptions,
  SmoothGradStepsOptions,
  SmoothingProgress,
} from 'tfjs-saliency';
import { expectClose } from '../method/expectClose.js';
import { stepsOf } from '../method/stepsOf.js';
import { powers } from './models.js';
import { connect, tell } from './workers.js';

const image = tf.randomNormal([1, 2, 3, 2], 0, 1, 'float32', 2);
const batch = tf.randomNormal([2, 2, 3, 2], 0, 1, 'float32', 3);
const model = (x: tf.Tensor) => powers(x);

const pools = [1, 2, 4].map((workers) => connect(workers));

/** The bits of a map, which -0 and 0 have different ones of. */
const bits = (map: tf.Tensor) => [...new Uint32Array(map.dataSync<'float32'>().buffer)];

const CASES: [string, tf.Tensor, ClassIndex, Partial<SmoothGradOptions>][] = [
  ['the defaults', image, 'argmax', {}],
  ['passes of 3', image, 1, { batchSize: 3 }],
  ['a batch of images', batch, [3, 0], { batchSize: 4 }],
  ['E|g|', image, 1, { statistic: 'meanAbs', batchSize: 2 }],
  ['E[g^2]', image, 1, { statistic: 'meanSquare', batchSize: 2 }],
  ['the variance', batch, 'argmax', { statistic: 'variance', batchSize: 2 }],
  ['antithetic pairs', image, 1, { antithetic: true, batchSize: 3 }],
  ['antithetic pairs, sample by sample', image, 1, { antithetic: true, batchSize: 1 }],
  ["every sample's own class", image, 'argmax', { perSampleArgmax: true, batchSize: 1 }],
  ['aggregated channels', batch, 2, { aggregate: 'maxAbs', batchSize: 4 }],
  ['uniform noise', image, 1, { noise: 'uniform', stdDev: 0.4, batchSize: 2 }],
  [
    'lists of classes',
    batch,
    [
      [0, 2],
      [1, 3],
    ],
    { batchSize: 4 },
  ],
  [
    'a difference of classes',
    image,
    { for: 1, against: 3 },
    { score: 'crossEntropy', batchSize: 2 },
  ],
];

test.each(CASES)(
  '1, 2 and 4 workers give the same map, and the one of smoothGrad: %s',
  async (_, x, classIndex, own) => {
    const options = { samples: 14, seed: 5, ...own } as Parameters<
      (typeof pools)[0]['saliency']['smoothGrad']
    >[3];
    const maps = await Promise.all(
      pools.map(({ saliency }) => saliency.smoothGrad({}, x, classIndex, options)),
    );
    const expected = smoothGrad(model, x, classIndex, { samples: 14, seed: 5, ...own });
    for (const map of maps) {
      expect(map.shape).toEqual(expected.shape);
      expectClose(map, expected.dataSync(), 1e-5);
      expect(bits(map)).toEqual(bits(maps[0]!));
    }
  },
);

/** With R after N samples, as many as make it .97, by Spearman and Brown; at most 1000. */
function expectedNeed(done: number, reliability: number): number {
  if (reliability >= 0.97) return done;
  const odds = (r: number) => r ** 2 / (1 - r ** 2);
  return Math.min(1000, Math.ceil((done * odds(0.97)) / odds(reliability)));
}

test('progress and the end at a reliability are those of smoothGradAsync', async () => {
  const run = async (smooth: (options: object) => Promise<tf.Tensor>) => {
    const told: SmoothingProgress[] = [];
    const map = await smooth({
      until: 0.97,
      seed: 1,
      noiseLevel: 1,
      batchSize: 2,
      onProgress: (progress: SmoothingProgress) => told.push(progress),
    });
    return { map, told };
  };
  const expected = await run((options) => smoothGradAsync(model, image, 1, options));
  expect(expected.told.length).toBeGreaterThan(4);
  for (const { saliency } of pools) {
    const { map, told } = await run((options) => saliency.smoothGrad({}, image, 1, options));
    expectClose(map, expected.map.dataSync(), 1e-5);
    expect(told.map(({ done, total }) => [done, total])).toEqual(
      expected.told.map(({ done, total }) => [done, total]),
    );
    told.forEach(({ reliability, reliabilities, samplesPerSecond, secondsLeft, done }, i) => {
      expect(reliability).toBeCloseTo(expected.told[i]!.reliability, 4);
      expect([reliability]).toEqual(reliabilities);
      const needed = Math.round(done + secondsLeft * samplesPerSecond);
      expect(needed).toBe(expectedNeed(done, reliability));
    });
  }
});

test("'argmax' is told as a number, and reliabilityOf judges what is shown", async () => {
  const view = { samples: 8, seed: 1, batchSize: 2 };
  const flat = (values: Float32Array) => values.map((value, i) => (i % 2 === 0 ? value : 0));
  const expected: SmoothingProgress[] = [];
  await smoothGradAsync(model, batch, 'argmax', {
    ...view,
    onProgress: (progress) => expected.push(progress),
    reliabilityOf: (map) => ({ data: flat(map.dataSync<'float32'>()), shape: map.shape }),
  });
  expect(expected[0]!.classIndex).toHaveLength(2);
  for (const { saliency } of pools) {
    const told: SmoothingProgress[] = [];
    const before = tf.memory().numTensors;
    const map = await saliency.smoothGrad({}, batch, 'argmax', {
      ...view,
      onProgress: (progress) => told.push(progress),
      reliabilityOf: ({ data, shape }) => tf.tensor(flat(data), shape),
    });
    map.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(told.map(({ classIndex }) => classIndex)).toEqual(
      expected.map(({ classIndex }) => classIndex),
    );
    told.forEach(({ reliabilities }, i) => {
      reliabilities.forEach((reliability, image) => {
        expect(reliability).toBeCloseTo(expected[i]!.reliabilities[image]!, 4);
      });
    });
    const last: Progress[] = [];
    await saliency.vanillaGradient({}, batch, 'argmax', {
      onProgress: (progress) => last.push(progress),
    });
    expect(last.at(-1)!.classIndex).toEqual(expected[0]!.classIndex);
  }
});

const STEPS: [string, SmoothGradStepsOptions][] = [
  ['after each pass', { samples: 10, batchSize: 4 }],
  ['after numbers of samples', { at: [1, 2, 5, 9], batchSize: 6 }],
  ['on to `samples`', { at: [3], samples: 7, batchSize: 2 }],
  ['with a standard error', { at: [1, 2, 5, 12], batchSize: 4, standardError: true }],
  [
    'of antithetic pairs',
    { at: [1, 2, 5, 12], batchSize: 4, antithetic: true, standardError: true },
  ],
  [
    'of pairs whose passes are odd',
    { samples: 12, batchSize: 3, antithetic: true, standardError: true },
  ],
  [
    'of pairs sample by sample',
    { samples: 6, batchSize: 1, antithetic: true, standardError: true },
  ],
];

test.each(STEPS)('the steps are those of smoothGradSteps: %s', async (_, own) => {
  const options = { seed: 6, ...own } as Parameters<
    (typeof pools)[0]['saliency']['smoothGradSteps']
  >[3];
  const expected = await stepsOf(smoothGradSteps(model, image, 1, { seed: 6, ...own }));
  for (const { saliency } of pools) {
    const steps = await stepsOf(saliency.smoothGradSteps({}, image, 1, options));
    expect(steps.map(({ done, total }) => [done, total])).toEqual(
      expected.map(({ done, total }) => [done, total]),
    );
    steps.forEach((step, i) => {
      expectClose(step.map, expected[i]!.map.dataSync(), 1e-5);
      expect(step.reliability).toBeCloseTo(expected[i]!.reliability, 4);
      expect('standardError' in step).toBe('standardError' in expected[i]!);
      if (step.standardError === undefined) return;
      const [error, wanted] = [step.standardError, expected[i]!.standardError!].map((each) => [
        ...each.dataSync(),
      ]);
      expect(error!.map(Number.isFinite)).toEqual(wanted!.map(Number.isFinite));
      if (Number.isFinite(wanted![0])) expectClose(step.standardError, wanted!, 1e-4);
    });
  }
});

test('without a seed, all workers take one at random', async () => {
  // The gradient of a square is linear: opposite noise cancels, if both halves of a pair are drawn
  // from one seed.
  const input = tf.zeros([1, 2, 3, 2]);
  const options = { samples: 8, batchSize: 1, antithetic: true, stdDev: 1, seed: undefined };
  const map = await pools[1]!.saliency.smoothGrad({ power: 2 }, input, 1, options);
  expect(Math.max(...map.dataSync().map(Math.abs))).toBeLessThan(1e-5);
});

test('a slow worker computes fewer samples, and the map is the same to the bit', async () => {
  const { saliency, started } = connect(2, { slowness: 8 }, { slowness: 1 });
  const spec = { milliseconds: 10 };
  await saliency.smoothGrad(spec, image, 1, { samples: 4, batchSize: 1 }); // both have started then
  const before = await Promise.all(started.map(tell));
  const options = { samples: 60, seed: 5, batchSize: 1 };
  const map = await saliency.smoothGrad(spec, image, 1, options);
  expect(bits(map)).toEqual(bits(await pools[0]!.saliency.smoothGrad({}, image, 1, options)));
  const after = await Promise.all(started.map(tell));
  const [slow, fast] = after.map(({ passes }, i) => passes - before[i]!.passes);
  expect(slow! + fast!).toBe(60);
  expect(slow!).toBeLessThan(fast! / 2);
});
