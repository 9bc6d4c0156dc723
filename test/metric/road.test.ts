// Oracles: harmonic images (constants, planes) are imputed exactly, the equations themselves, and
// a model that looks at one half of the image only.
import * as tf from '@tensorflow/tfjs-core';
import { road } from 'tfjs-saliency';
import { impute } from '../../src/metric/imputation.js';
import { uniformNumbers } from '../../src/random/uniform.js';
import { describeOnEachBackend } from '../backends.js';
import { expectError } from '../method/expectError.js';

const SIZE = { height: 9, width: 11, channels: 2 };
const EXACT = { tolerance: 1e-10, iterations: 1000 };

const imageOf = (value: (y: number, x: number, c: number) => number) =>
  Float32Array.from({ length: 9 * 11 * 2 }, (_, i) => {
    const pixel = Math.floor(i / 2);
    return value(Math.floor(pixel / 11), pixel % 11, i % 2);
  });

/** Every pixel inside the border is missing with this probability. */
const holes = (probability: number, inside = 1) => {
  const uniform = uniformNumbers(3);
  return Uint8Array.from({ length: 9 * 11 }, (_, i) => {
    const [y, x] = [Math.floor(i / 11), i % 11];
    const isInside = y >= inside && y < 9 - inside && x >= inside && x < 11 - inside;
    return Number(isInside && uniform() < probability);
  });
};

describe('imputation', () => {
  test('a plane is exact where the border is left, a constant everywhere', () => {
    const plane = imageOf((y, x, c) => 3 - 0.5 * y + 0.25 * x + c);
    impute(plane, holes(1), SIZE, EXACT).forEach((value, i) => {
      expect(value).toBeCloseTo(plane[i]!, 5);
    });
    const constant = imageOf((_, __, c) => 7 - c);
    impute(constant, holes(0.9, 0), SIZE, EXACT).forEach((value, i) => {
      expect(value).toBeCloseTo(constant[i]!, 5);
    });
  });

  test('a missing pixel is the weighted mean of its neighbours, at the border too', () => {
    const uniform = uniformNumbers(4);
    const image = imageOf(() => uniform());
    const missing = holes(0.6, 0);
    const filled = impute(image, missing, SIZE, EXACT);
    for (let i = 0; i < 99; i++) {
      const [y, x] = [Math.floor(i / 11), i % 11];
      let [sum, weights] = [0, 0];
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if ((dy === 0 && dx === 0) || y + dy < 0 || y + dy > 8 || x + dx < 0 || x + dx > 10)
            continue;
          const weight = dy === 0 || dx === 0 ? 1 / 6 : 1 / 12;
          weights += weight;
          sum += weight * filled[((y + dy) * 11 + x + dx) * 2]!;
        }
      }
      expect(filled[i * 2]).toBeCloseTo(missing[i] === 1 ? sum / weights : image[i * 2]!, 5);
    }
  });

  test('the usual tolerance is finer than the noise that is added', () => {
    const uniform = uniformNumbers(5);
    const image = imageOf(() => uniform());
    const exact = impute(image, holes(0.8, 0), SIZE, EXACT);
    const usual = impute(image, holes(0.8, 0), SIZE);
    usual.forEach((value, i) => {
      expect(Math.abs(value - exact[i]!)).toBeLessThan(1e-3);
    });
  });
});

describeOnEachBackend('road', () => {
  /** The mean of the left half, of images of random pixels: its sign is lost when it is imputed. */
  const model = Object.assign(
    (x: tf.Tensor) => {
      const left = tf.slice(x, [0, 0, 0, 0], [-1, -1, 4, -1]);
      return tf.reshape(tf.mean(tf.square(left), [1, 2, 3]), [-1, 1]);
    },
    { inputs: [{ shape: [null, 8, 8, 3] }] },
  );
  const image = () => tf.randomNormal([8, 8, 3], 0, 1, 'float32', 1);
  const leftHalf = () => tf.concat([tf.ones([8, 4]), tf.zeros([8, 4])], 1);

  test('is positive for the half that counts, and the negative for the other half', () => {
    const right = road(model, image(), 0, leftHalf());
    const wrong = road(model, image(), 0, tf.neg(leftHalf()));
    expect(right.score).toBeGreaterThan(0.1);
    expect(wrong.score).toBeCloseTo(-right.score, 1);
    expect(right.curve.map(({ fraction }) => fraction)).toEqual([
      0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
    ]);
    const halves = right.curve.map(({ lerf, morf }) => (lerf - morf) / 2);
    expect(right.score).toBeCloseTo(halves.reduce((sum, value) => sum + value, 0) / 9, 6);
  });

  test('leaves the score where pixels are removed that the model does not see', () => {
    const whole = model(tf.expandDims(image(), 0)).dataSync()[0]!;
    const { curve } = road(model, image(), 0, leftHalf(), { fractions: [0.25, 0.5] });
    curve.forEach(({ lerf }) => {
      expect(lerf).toBeCloseTo(whole, 5);
    });
  });

  test('a constant image stays, but for the noise', () => {
    const flat = tf.fill([8, 8, 3], 0.5);
    const { curve } = road(model, flat, 0, leftHalf(), { noiseLevel: 0.5 });
    for (const { morf, lerf } of curve) {
      expect(morf).toBeCloseTo(0.25, 5);
      expect(lerf).toBeCloseTo(0.25, 5);
    }
  });

  test('the seed decides the noise', () => {
    const run = (seed: number, noiseLevel = 0.1) =>
      road(model, image(), 0, tf.randomNormal([8, 8], 0, 1, 'float32', 9), { seed, noiseLevel });
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(run(1, 0)).toEqual(run(2, 0));
  });

  test('refuses what is no image, and fractions that do not rise', () => {
    const plain = (x: tf.Tensor) => tf.sum(x, 1, true);
    expectError(
      () => road(plain, tf.ones([4]), 0, tf.ones([4])),
      RangeError,
      'road: input must be an image, whose pixels have neighbours, got a tensor of shape [1, 4]',
    );
    expectError(
      () => road(model, image(), 0, leftHalf(), { fractions: [0.5, 0.5] }),
      RangeError,
      'road: fractions must be rising numbers between 0 and 1, got [0.5, 0.5]',
    );
  });
});
