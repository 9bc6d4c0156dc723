// Oracle: integrals in closed form, and completeness: the attributions add up to the difference of
// the scores.
import * as tf from '@tensorflow/tfjs-core';
import type { Baseline, IntegratedGradientsOptions } from 'tfjs-saliency';
import { convergenceDelta, createPreprocessing, integratedGradients, vgg16 } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from './expectClose.js';
import { expectError } from './expectError.js';

const W = [0.5, -1.25, 3];
const X = [0.3, -2, 1.5];
const B = [1, 0.5, -0.25];
const x = () => tf.tensor1d(X);
const b = () => tf.tensor1d(B);
const column = (y: tf.Tensor) => tf.reshape(y, [-1, 1]);

const linear = (input: tf.Tensor) => column(tf.sum(tf.mul(input, tf.tensor1d(W)), 1));
const cubic = (input: tf.Tensor) => column(tf.sum(tf.pow(input, 3), 1));
/** Its pixels do not separate: (w x)^3. */
const coupled = (input: tf.Tensor) => tf.pow(linear(input), 3);

describeOnEachBackend('integratedGradients', () => {
  test('of a linear model: weights times the difference from the baseline, in one step', () => {
    const steps = { steps: 1 };
    expectClose(
      integratedGradients(linear, x(), 0, steps),
      X.map((each, i) => W[i]! * each),
    );
    const rules = [
      { rule: 'trapezoid', steps: 1 },
      { rule: 'trapezoid', steps: 7 },
      { steps: 7 },
    ] as const;
    for (const rule of rules) {
      expectClose(
        integratedGradients(linear, x(), 0, { baseline: b(), ...rule }),
        X.map((each, i) => W[i]! * (each - B[i]!)),
      );
    }
  });

  test('of a cubic model: x^3 - b^3, which two steps of Gauss and Legendre give exactly', () => {
    for (const steps of [2, 3, 50]) {
      const map = integratedGradients(cubic, x(), 0, { baseline: b(), steps });
      expectClose(
        map,
        X.map((each, i) => each ** 3 - B[i]! ** 3),
      );
    }
  });

  test("the trapezoid's error is h^2 / 2 there, as Euler and Maclaurin have it", () => {
    for (const steps of [2, 5, 11]) {
      const h = 1 / (steps - 1);
      const map = integratedGradients(cubic, x(), 0, { rule: 'trapezoid', steps });
      expectClose(
        map,
        X.map((each) => each ** 3 * (1 + h ** 2 / 2)),
      );
    }
  });

  test("pixels that work together share by their part of the way: w_i (x_i - b_i) / w (x - b) of the score's difference", () => {
    const z = (input: number[]) => input.reduce((sum, each, i) => sum + W[i]! * each, 0);
    const map = integratedGradients(coupled, x(), 0, { baseline: b() });
    const shares = X.map((each, i) => (W[i]! * (each - B[i]!)) / (z(X) - z(B)));
    expectClose(
      map,
      shares.map((share) => share * (z(X) ** 3 - z(B) ** 3)),
      1e-5,
    );
  });

  test('is complete for a network, within the delta that convergenceDelta tells', () => {
    const network = (input: tf.Tensor) =>
      tf.softmax(
        tf.matMul(tf.tanh(input) as tf.Tensor2D, tf.randomNormal([3, 4], 0, 2, 'float32', 1)),
      );
    const images = tf.randomNormal([2, 3], 0, 2, 'float32', 2);
    for (const score of ['output', 'logProbability', 'logit', 'crossEntropy'] as const) {
      const delta = (steps: number) => {
        const options = { score, steps, baseline: b() };
        const map = integratedGradients(
          network,
          images,
          [
            [0, 1],
            [2, 3],
          ],
          options,
        );
        expect(map.shape).toEqual([2, 2, 3]);
        return convergenceDelta(
          network,
          images,
          [
            [0, 1],
            [2, 3],
          ],
          map,
          options,
        );
      };
      expect(delta(3).shape).toEqual([2, 2]);
      expect(tf.max(tf.abs(delta(40))).dataSync()[0]).toBeLessThan(1e-5);
    }
  });

  test('convergenceDelta: the sum less the difference of the scores, whatever the map is', () => {
    const map = tf.tensor1d([10, 20, 30]);
    const delta = convergenceDelta(cubic, x(), 0, map, { baseline: b() });
    expect(delta.shape).toEqual([]);
    const difference = X.reduce((sum, each, i) => sum + each ** 3 - B[i]! ** 3, 0);
    expectClose(delta, [60 - difference]);
  });

  test('the batch size does not matter, and images do not depend on each other', () => {
    const images = tf.randomNormal([3, 3], 0, 1, 'float32', 3);
    const options = { steps: 7, baseline: b() };
    const expected = integratedGradients(coupled, images, 0, options).dataSync();
    for (const batchSize of [1, 2, 6, 100]) {
      expectClose(
        integratedGradients(coupled, images, 0, { ...options, batchSize }),
        expected,
        1e-5,
      );
    }
    const second = integratedGradients(coupled, tf.slice(images, 1, 1), 0, options);
    expectClose(second, expected.slice(3, 6), 1e-5);
  });

  test('leaves nothing behind', () => {
    const [input, baseline] = [x(), b()];
    expectNoLeak(() => integratedGradients(cubic, input, 'argmax', { baseline, batchSize: 4 }));
    const map = integratedGradients(cubic, input, 0);
    expectNoLeak(() => convergenceDelta(cubic, input, 'argmax', map));
  });
});

describeOnEachBackend('baselines', () => {
  /** What the baseline was: the first point of the path, at its end by the trapezoid. */
  function baselineSeen(image: tf.Tensor, options: IntegratedGradientsOptions): Float32Array {
    let seen: Float32Array | undefined;
    const model = (points: tf.Tensor) => {
      seen ??= points.dataSync().slice(0, points.size / points.shape[0]!) as Float32Array;
      return tf.sum(points, [1, 2]);
    };
    integratedGradients(model, image, 0, { rule: 'trapezoid', steps: 2, ...options }).dispose();
    return seen!;
  }
  const image = () => tf.randomUniform([1, 6, 4, 3], 50, 200, 'float32', 4);

  test('0 by default, any number, or a tensor for one image or for each', () => {
    expect(baselineSeen(image(), {})).toEqual(new Float32Array(72));
    expect(baselineSeen(image(), { baseline: 7 })).toEqual(new Float32Array(72).fill(7));
    const given = tf.randomNormal([6, 4, 3], 0, 1, 'float32', 5);
    expect(baselineSeen(image(), { baseline: given })).toEqual(given.dataSync());
    expect(baselineSeen(image(), { baseline: tf.expandDims(given) })).toEqual(given.dataSync());
  });

  test("a black image with a preset, by default and as 'black'", () => {
    const preprocess = createPreprocessing({ ...vgg16.options, inputSize: [2, 2] });
    const black = preprocess.preprocess(tf.zeros([2, 2, 3])).dataSync();
    expect([...black.slice(0, 3)]).toEqual([...Float32Array.of(-103.939, -116.779, -123.68)]);
    for (const options of [{}, { baseline: 'black' as const }]) {
      expectClose(
        tf.tensor1d(baselineSeen(tf.fill([2, 2, 3], 90), { preprocess, ...options })),
        black,
      );
    }
  });

  test("'blur': a Gaussian of a tenth of the longer side, its weights renormalized at the border", () => {
    const sigma = 0.6;
    const pixels = image().arraySync() as number[][][][];
    const weight = (distance: number) => Math.exp(-(distance ** 2) / (2 * sigma ** 2));
    const indices = (n: number) => Array.from({ length: n }, (_, i) => i);
    const total = (n: number, at: number) => indices(n).reduce((sum, i) => sum + weight(i - at), 0);
    const expected = indices(6).flatMap((h) =>
      indices(4).flatMap((w) =>
        indices(3).map((c) => {
          const sum = indices(6).reduce(
            (rows, i) =>
              rows +
              weight(i - h) *
                indices(4).reduce((row, j) => row + weight(j - w) * pixels[0]![i]![j]![c]!, 0),
            0,
          );
          return sum / total(6, h) / total(4, w);
        }),
      ),
    );
    expectClose(tf.tensor1d(baselineSeen(image(), { baseline: 'blur' })), expected, 1e-5);
  });

  test("'noise': uniform over the image's range, the same for the same seed", () => {
    const noise = (seed: number) => baselineSeen(image(), { baseline: 'noise', seed });
    const values = image().dataSync();
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const all = [0, 1, 2, 3].flatMap((seed) => [...noise(seed)]);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...all)).toBeLessThanOrEqual(most);
    const mean = all.reduce((sum, each) => sum + each, 0) / all.length;
    const deviation = (most - least) / Math.sqrt(12);
    expect(Math.abs(mean - (least + most) / 2)).toBeLessThan(
      (5 * deviation) / Math.sqrt(all.length),
    );
    expect(noise(1)).toEqual(noise(1));
    expect(noise(1)).not.toEqual(noise(2));
  });

  const call = (options: object) => () => integratedGradients(linear, x(), 0, options);
  const EXPECTED =
    "integratedGradients: baseline must be a number, a colour, a tensor, 'black', 'mean', 'blur', 'noise', 'segmentMean'";

  test.each([
    [{ baseline: 'white' }, RangeError, `${EXPECTED}, got 'white'`],
    [{ baseline: ['red'] }, TypeError, `${EXPECTED}, got ['red']`],
    [{ baseline: null }, TypeError, `${EXPECTED}, got null`],
    [{ baseline: NaN }, RangeError, 'integratedGradients: baseline must be finite, got NaN'],
    [{ steps: 0 }, RangeError, 'integratedGradients: steps must be a positive integer, got 0'],
    [
      { rule: 'simpson' },
      RangeError,
      "integratedGradients: rule must be one of 'gaussLegendre', 'trapezoid', got 'simpson'",
    ],
    [
      { seed: -1 },
      RangeError,
      'integratedGradients: seed must be an integer from 0 to 4294967295, got -1',
    ],
    [{ step: 3 }, TypeError, "integratedGradients: unknown option 'step', did you mean 'steps'?"],
    [
      { baseline: 'black' },
      TypeError,
      "integratedGradients: baseline 'black' must be given with preprocess; without, give black as a number",
    ],
    [
      { baseline: 'blur' },
      RangeError,
      "integratedGradients: baseline must be other than 'blur' for an input that is no image, got 'blur'",
    ],
  ] as [{ baseline?: Baseline }, typeof TypeError, string][])(
    '%p: %p',
    (options, error, message) => {
      expectError(call(options), error, message);
    },
  );

  test('of another shape than the input', () => {
    const shape =
      "integratedGradients: baseline must be of shape [3], the input's, got a tensor of shape [4]";
    expectError(call({ baseline: tf.zeros([4]) }), RangeError, shape);
    const numbers =
      'convergenceDelta: attribution must be a result of integratedGradients, 3 numbers, got a tensor of shape [4]';
    expectError(() => convergenceDelta(linear, x(), 0, tf.zeros([4])), RangeError, numbers);
  });
});
