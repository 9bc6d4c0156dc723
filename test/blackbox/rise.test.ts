// Oracles: RISE's expectation on a linear model, by the covariance of its masks drawn anew; the law
// that the map depends on the seed only.
import * as tf from '@tensorflow/tfjs-core';
import { rise } from 'tfjs-saliency';
import type { SmoothingProgress } from 'tfjs-saliency';
import { smoothMask } from '../../src/perturbation/smoothMask.js';
import { describeOnEachBackend, describeOnWasm, expectNoLeak } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { stepsOf } from '../method/stepsOf.js';
import { additive, random, shares } from './additive.js';

describe('masks', () => {
  const draw = (sample: number, cells = 3, keep = 0.3) =>
    smoothMask([9, 12], { cells, keep, seed: 7, sample });

  test('lie in 0 to 1, differ between samples, and keep every place with the probability of a cell', () => {
    const count = 4000;
    const sums = new Float64Array(9 * 12);
    let isInRange = true;
    for (let sample = 0; sample < count; sample++) {
      const mask = draw(sample);
      isInRange &&= mask.every((value) => value >= 0 && value <= 1);
      mask.forEach((value, i) => {
        sums[i]! += value;
      });
    }
    expect(isInRange).toBe(true);
    // Five deviations of the mean of numbers of deviation sqrt(p (1 - p)) at the most.
    const bound = 5 * Math.sqrt((0.3 * 0.7) / count);
    expect(Math.max(...sums.map((sum) => Math.abs(sum / count - 0.3)))).toBeLessThan(bound);
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1)).toEqual(draw(1));
  });

  test('of one cell are 0 or 1 everywhere', () => {
    for (let sample = 0; sample < 10; sample++) expect(new Set(draw(sample, 1)).size).toBe(1);
  });
});

describeOnEachBackend('rise', () => {
  const v = () => random([6, 6, 2], 1);
  const x = () => random([2, 6, 6, 2], 2);
  const quick = { samples: 40, cells: 3, seed: 3, score: 'output' } as const;

  test('of a linear model: the weighted mean of the kept sums, of the same masks', () => {
    const map = rise(additive(v()), x(), 0, { ...quick, baseline: 0.5, batchSize: 8 });
    expect(map.shape).toEqual([2, 6, 6, 1]);
    const parts = shares(v(), x(), 0.5);
    const base = tf.sum(tf.mul(v(), 0.5)).dataSync()[0]!;
    const expected = [0, 1].flatMap((image) => {
      const sums = new Float64Array(36);
      const weights = new Float64Array(36);
      for (let sample = 0; sample < quick.samples; sample++) {
        const mask = smoothMask([6, 6], { cells: 3, keep: 0.5, seed: 3, sample });
        const score = mask.reduce(
          (sum, kept, i) =>
            sum + kept * (parts[(image * 36 + i) * 2]! + parts[(image * 36 + i) * 2 + 1]!),
          base,
        );
        mask.forEach((kept, i) => {
          sums[i]! += score * kept;
          weights[i]! += kept;
        });
      }
      return [...sums].map((sum, i) => sum / weights[i]!);
    });
    expectClose(map, expected, 1e-5);
  });

  test('of a constant model: that constant', () => {
    const constant = (input: tf.Tensor) => tf.add(tf.mul(tf.sum(input, [1, 2]), 0), 3);
    expectClose(rise(constant, x(), 0, quick), new Float32Array(72).fill(3));
  });

  test('the batch size does not matter, nor whether it is synchronous', async () => {
    const expected = rise(additive(v()), x(), 0, quick).dataSync();
    for (const batchSize of [3, 16, 100])
      expectClose(rise(additive(v()), x(), 0, { ...quick, batchSize }), expected, 1e-5);
    expectClose(await rise.async(additive(v()), x(), 0, quick), expected, 1e-6);
  });

  test('steps: after the numbers asked for, the last one is the map; until ends a run sooner', async () => {
    const { samples: _, ...options } = { ...quick, batchSize: 8 };
    const steps = await stepsOf(rise.steps(additive(v()), x(), 0, { ...options, at: [10, 40] }));
    expect(steps.map(({ done, total }) => [done, total])).toEqual([
      [10, 40],
      [40, 40],
    ]);
    expectClose(steps[1]!.map, rise(additive(v()), x(), 0, quick).dataSync(), 1e-5);
    const first = rise(additive(v()), x(), 0, { ...quick, samples: 10 });
    expectClose(steps[0]!.map, first.dataSync(), 1e-5);
    const told: SmoothingProgress[] = [];
    const onProgress = (progress: SmoothingProgress) => told.push(progress);
    await rise.async(additive(v()), x(), 0, { ...options, batchSize: 64, until: 0.5, onProgress });
    const last = told.at(-1)!;
    expect(last.done).toBeLessThan(2000);
    expect(told.map(({ reliability }) => reliability >= 0.5)).toEqual(
      told.map((progress) => progress === last),
    );
  });

  test('leaves nothing behind', () => {
    const [weights, input] = [v(), x()];
    const model = (rows: tf.Tensor) => tf.tidy(() => additive(weights)(rows));
    expectNoLeak(() => rise(model, input, 'argmax', quick));
  });
});

describeOnWasm('rise of many samples', () => {
  test("of a linear model: what a place adds to the score, by the masks' covariance with it", () => {
    const v = random([8], 1);
    const x = random([1, 8], 2);
    const parts = shares(v, x, 0);
    const options = { cells: 4, keep: 0.4 };
    // E[S M_i] / E[M_i] = sum_j parts_j E[M_i M_j] / E[M_i], of masks of another seed.
    const products = new Float64Array(64);
    const masks = 20000;
    for (let sample = 0; sample < masks; sample++) {
      const mask = smoothMask([8], { ...options, seed: 99, sample });
      for (let i = 0; i < 8; i++)
        for (let j = 0; j < 8; j++) products[i * 8 + j]! += (mask[i]! * mask[j]!) / masks;
    }
    const expected = parts.map((_, i) =>
      parts.reduce((sum, part, j) => sum + (part * products[i * 8 + j]!) / options.keep, 0),
    );
    const map = rise(additive(v), x, 0, { ...options, samples: 4000, seed: 1, batchSize: 1000 });
    expectClose(map, expected, 0.06);
  });
});
