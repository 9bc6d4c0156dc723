// Oracles: a linear model by hand, the trapezoid of a known line, and laws of the two curves: one
// is the other with input and baseline exchanged, or of the negative map the other way round; the
// true ranking is extremal among all permutations (brute force); random maps lie at the mean.
import * as tf from '@tensorflow/tfjs-core';
import { deletion, insertion } from 'tfjs-saliency';
import { permutation } from '../../src/random/permutation.js';
import { uniformNumbers } from '../../src/random/uniform.js';
import { describeOnEachBackend, describeOnWasm } from '../backends.js';
import { images } from '../contract/classifier.js';

/** Its contributions to w x are 4, 1, -2, 3, 0.5. */
const WEIGHTS = [2, 1, -1, 0.5, 0.25];
const INPUT = [2, 1, 2, 6, 2];
const CONTRIBUTIONS = WEIGHTS.map((weight, i) => weight * INPUT[i]!);

const linear = (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, tf.tensor2d(WEIGHTS, [5, 1]));
const input = () => tf.tensor1d(INPUT);
const map = (values: readonly number[] = CONTRIBUTIONS) => tf.tensor1d([...values]);

const valuesOf = ({ curve }: { curve: readonly { value: number }[] }) =>
  curve.map(({ value }) => value);

describeOnEachBackend('deletion and insertion', () => {
  test('of a linear model are the sums of what is left, largest contributions first', () => {
    const result = deletion(linear, input(), 0, map());
    expect(result.curve.map(({ fraction }) => fraction)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(valuesOf(result)).toEqual([6.5, 2.5, -0.5, -1.5, -2, 0]);
    expect(result.score).toBeCloseTo((6.5 / 2 + 2.5 - 0.5 - 1.5 - 2) / 5, 6);
    expect(valuesOf(insertion(linear, input(), 0, map()))).toEqual([0, 4, 7, 8, 8.5, 6.5]);
  });

  test('begin with the least relevant places for lerf', () => {
    const result = deletion(linear, input(), 0, map(), { order: 'lerf' });
    expect(valuesOf(result)).toEqual([6.5, 8.5, 8, 7, 4, 0]);
  });

  test('replace the places of a step together, by the baseline', () => {
    const result = deletion(linear, input(), 0, map(), { steps: 2, baseline: 1 });
    expect(result.curve).toEqual([
      { fraction: 0, value: 6.5 },
      { fraction: 0.6, value: 2 + 0.5 + 1 - 2 + 0.5 },
      { fraction: 1, value: 2.75 },
    ]);
  });

  test('normalized, run between 1 for the input and 0 for the baseline', () => {
    const options = { baseline: 1, normalized: true };
    const curves = [deletion, insertion].map((metric) => ({
      plain: valuesOf(metric(linear, input(), 0, map(), { baseline: 1 })),
      normalized: valuesOf(metric(linear, input(), 0, map(), options)),
    }));
    for (const { plain, normalized } of curves) {
      normalized.forEach((value, i) => {
        expect(value).toBeCloseTo((plain[i]! - 2.75) / (6.5 - 2.75), 6);
      });
    }
  });

  test('of a line have its area', () => {
    const sum = (x: tf.Tensor) => tf.sum(x, 1, true);
    const { score } = deletion(sum, tf.ones([7]), 0, tf.ones([7]), { steps: 3 });
    expect(score).toBeCloseTo(7 / 2, 6);
  });

  test('one is the other with input and baseline exchanged', () => {
    const [first, second] = [images(1), tf.mul(images(1), 0.3)];
    const model = (x: tf.Tensor) => tf.reshape(tf.sum(tf.tanh(x), [1, 2, 3]), [-1, 1]);
    const places = tf.randomNormal([8, 8], 0, 1, 'float32', 4);
    const inserted = insertion(model, first, 0, places, { baseline: tf.squeeze(second, [0]) });
    const deleted = deletion(model, second, 0, places, { baseline: tf.squeeze(first, [0]) });
    expect(inserted).toEqual(deleted);
  });

  test('deletion of the negative map is the reverse of insertion', () => {
    const inserted = valuesOf(insertion(linear, input(), 0, map()));
    const negative = map(CONTRIBUTIONS.map((value) => -value));
    expect(valuesOf(deletion(linear, input(), 0, negative))).toEqual(inserted.reverse());
  });

  test('equal values are ordered by the seed, not by their place', () => {
    const areas = Array.from({ length: 20 }, (_, seed) => {
      const { score } = deletion(linear, input(), 0, tf.ones([5]), { seed });
      return score;
    });
    expect(new Set(areas).size).toBeGreaterThan(10);
    expect(deletion(linear, input(), 0, tf.ones([5]), { seed: 3 }).score).toBe(areas[3]);
  });

  test('a pixel is replaced with all of its channels', () => {
    const model = (x: tf.Tensor) => tf.reshape(tf.sum(x, [1, 2, 3]), [-1, 1]);
    const image = tf.tensor3d([1, 2, 3, 10, 20, 30], [1, 2, 3]);
    const model4 = Object.assign(model, { inputs: [{ shape: [null, 1, 2, 3] }] });
    const places = tf.tensor3d([0, 1], [1, 2, 1]);
    expect(valuesOf(deletion(model4, image, 0, places, { baseline: 0 }))).toEqual([66, 6, 0]);
  });

  test('explain the predicted class of the clean input for argmax', () => {
    const two = (x: tf.Tensor) => tf.concat([linear(x), tf.neg(linear(x))], 1);
    const whole = deletion(two, input(), 'argmax', map());
    expect(whole).toEqual(deletion(two, input(), 0, map()));
  });
});

describeOnWasm('rankings', () => {
  const CURVED = (x: tf.Tensor) => tf.square(linear(x));

  /** All orders of the numbers 0 to count - 1. */
  const orders = (count: number): number[][] =>
    count === 0
      ? [[]]
      : orders(count - 1).flatMap((order) =>
          Array.from({ length: count }, (_, i) => [
            ...order.slice(0, i),
            count - 1,
            ...order.slice(i),
          ]),
        );

  test('the true one has the least deletion and the greatest insertion of all', () => {
    const areas = orders(5).map((order) => {
      const values = tf.tensor1d(order);
      return [deletion, insertion].map((metric) => metric(linear, input(), 0, values).score);
    });
    const best = [deletion, insertion].map((metric) => metric(linear, input(), 0, map()).score);
    expect(best[0]).toBe(Math.min(...areas.map(([area]) => area!)));
    expect(best[1]).toBe(Math.max(...areas.map(([, area]) => area!)));
  });

  test('random maps lie around the mean curve of all of them', () => {
    const area = (values: Iterable<number>) =>
      deletion(CURVED, input(), 0, tf.tensor1d([...values])).score;
    const all = orders(5).map(area);
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const deviation = Math.sqrt(
      all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length,
    );
    const uniform = uniformNumbers(1);
    const drawn = Array.from({ length: 200 }, () => area(permutation(5, uniform)));
    const drawnMean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    expect(Math.abs(drawnMean - mean)).toBeLessThan((4 * deviation) / Math.sqrt(200));
  });
});
