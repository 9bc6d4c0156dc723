// Oracles: a linear model, whose best map is known; the metrics themselves, called one by one; and
// the standard error of a mean, for the bootstrap.
import * as tf from '@tensorflow/tfjs-core';
import {
  deletion,
  edgeMap,
  evaluate,
  gradientTimesInput,
  infidelity,
  insertion,
  maxSensitivity,
  randomMap,
  vanillaGradient,
} from 'tfjs-saliency';
import { linearModel } from 'tfjs-saliency/testing';
import { bootstrapMean } from '../../src/evaluation/bootstrap.js';
import { summarize } from '../../src/evaluation/summary.js';
import { fillGaussian } from '../../src/random/gaussian.js';
import { Random } from '../../src/random/random.js';
import { describeOnWasm } from '../backends.js';
import { expectClose } from '../method/expectClose.js';

const SHAPE = [6, 6, 1];
const draw = (seed: number) => tf.randomNormal(SHAPE, 0, 1, 'float32', seed);

describeOnWasm('evaluate', () => {
  const photos = () => [1, 2, 3].map(draw);
  const METHODS = { vanillaGradient, gradientTimesInput, randomMap, edgeMap };
  const METRICS = { deletion, insertion, infidelity, maxSensitivity };
  const build = () => linearModel(draw(7), draw(8));

  test('gives each metric of each method and photo, as called alone, and leaves no tensor', async () => {
    const model = build();
    const images = photos();
    const before = tf.memory().numTensors;
    const { scores, costs } = await evaluate(model, images, {
      methods: METHODS,
      metrics: METRICS,
      classIndex: 1,
      metricOptions: { deletion: { baseline: 0 }, insertion: { baseline: 0 } },
      methodOptions: { randomMap: { seed: 5 } },
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(scores).toHaveLength(3 * 4 * 4);
    const find = (method: string, metric: string) =>
      scores.find((each) => each.photo === 1 && each.method === method && each.metric === metric);
    const map = gradientTimesInput(model, images[1]!, 1);
    const { score } = deletion(model, images[1]!, 1, map, { baseline: 0 });
    expect(find('gradientTimesInput', 'deletion')!.score).toBe(score);
    expect(find('vanillaGradient', 'infidelity')!.score).toBeLessThan(1e-9);
    expect(find('vanillaGradient', 'maxSensitivity')!.score).toBe(0);
    expect(costs).toHaveLength(3 * 4);
    expect(costs.map(({ passes }) => passes).slice(0, 4)).toEqual([1, 1, 0, 0]);
  });

  test('keep the options of a method and of a metric of one name apart', async () => {
    const model = build();
    const seen: unknown[] = [];
    const probe = (...[of, x, index, options]: Parameters<typeof vanillaGradient>) => {
      seen.push((options as { samples?: number }).samples);
      return vanillaGradient(of, x, index);
    };
    const [photo] = photos() as [tf.Tensor];
    const options = { methodOptions: { samples: 7 } as object, samples: 2 };
    maxSensitivity(probe, model, photo, 1, options);
    expect(seen.splice(0)).toEqual([7, 7, 7]);
    await evaluate(model, [photo], {
      methods: { probe },
      metrics: { maxSensitivity },
      methodOptions: { probe: { samples: 7 } },
      metricOptions: { maxSensitivity: { samples: 2 } },
    });
    expect(seen.splice(0)).toEqual([7, 7, 7, 7]);
    maxSensitivity(probe, model, photo, 1, { samples: 2 });
    expect(seen).toEqual([undefined, undefined, undefined]);
    expect(() =>
      maxSensitivity(vanillaGradient, model, photo, 1, { methodOptions: { samples: 7 } as object }),
    ).toThrow(/samples/);
  });

  test('ranks the true contributions first of a linear model', async () => {
    const { summary } = await evaluate(build(), photos(), {
      methods: METHODS,
      metrics: { deletion, insertion },
      metricOptions: { deletion: { baseline: 0 }, insertion: { baseline: 0 } },
      aggregate: 'sum',
    });
    const ranked = (metric: string) =>
      summary.filter((each) => each.metric === metric && each.rank === 1);
    expect(ranked('deletion').map(({ method }) => method)).toEqual(['gradientTimesInput']);
    expect(ranked('insertion').map(({ method }) => method)).toEqual(['gradientTimesInput']);
    for (const { mean, low, high } of summary) {
      expect(low).toBeLessThanOrEqual(mean);
      expect(high).toBeGreaterThanOrEqual(mean);
    }
  });

  test('tells each score as it is found, and ends when it is told', async () => {
    const controller = new AbortController();
    const told: unknown[] = [];
    const run = evaluate(build(), photos(), {
      methods: METHODS,
      metrics: { deletion, insertion },
      signal: controller.signal,
      onScore: (score) => {
        told.push(score);
        if (told.length === 3) controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(told).toHaveLength(3);
  });

  test('refuses what is no metric, and no photos', async () => {
    const good = { methods: METHODS, metrics: { deletion } };
    await expect(evaluate(build(), [], good)).rejects.toThrow(
      new RangeError('evaluate: photos must be one image or more, got []'),
    );
    const metrics = { mine: () => 1 } as never;
    await expect(evaluate(build(), photos(), { ...good, metrics })).rejects.toThrow(
      'evaluate: metrics.mine must be a metric of the library, such as deletion, got function mine',
    );
  });

  test('the edges of a step are at the step, and a random map is the same for a seed', () => {
    const step = tf.tensor3d(
      [0, 0, 0, 1, 1, 1].flatMap((v) => [v, v]),
      [1, 12, 1],
    );
    const tall = tf.tile(step, [5, 1, 1]);
    const model = linearModel(tf.ones([5, 12, 1]));
    const row = tf.slice(edgeMap(model, tall, 0), [2, 1, 0], [1, 10, 1]);
    expectClose(row, [0, 0, 0, 0, 4, 4, 0, 0, 0, 0]);
    const random = (seed: number) => [...randomMap(model, tall, 0, { seed }).dataSync()];
    expect(random(1)).toEqual(random(1));
    expect(random(1)).not.toEqual(random(2));
  });
});

test('the bootstrap has the standard error of the mean', () => {
  const normal = new Float32Array(400);
  fillGaussian(normal, new Random(1, 0));
  const values = Array.from(normal, (number) => 3 + 2 * number);
  const { mean, low, high } = bootstrapMean(values);
  expect(mean).toBeCloseTo(3, 0);
  // 1.96 standard errors, of 2 / sqrt(400), to either side.
  expect((high - low) / 2 / 0.196).toBeCloseTo(1, 0);
  expect(bootstrapMean([5])).toEqual({ mean: 5, low: 5, high: 5 });
});

test('ranks go by what is better, and equal means share them', () => {
  const scores = [
    { photo: 0, method: 'a', metric: 'up', score: 1 },
    { photo: 0, method: 'b', metric: 'up', score: 2 },
    { photo: 0, method: 'c', metric: 'up', score: 2 },
    { photo: 0, method: 'a', metric: 'down', score: 1 },
    { photo: 0, method: 'b', metric: 'down', score: 2 },
  ];
  const summary = summarize(scores, { up: 'higher', down: 'lower' });
  expect(summary.map(({ rank }) => rank)).toEqual([3, 1.5, 1.5, 1, 2]);
});
