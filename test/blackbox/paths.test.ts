// Oracles: completeness, closed forms of linear and quadratic models, a guided path of all features
// at once is the straight one, blurring changes no constant image.
import * as tf from '@tensorflow/tfjs-core';
import {
  blurIntegratedGradients,
  convergenceDelta,
  expectedGradients,
  guidedIntegratedGradients,
  integratedGradients,
  vanillaGradient,
} from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';
import { additive, random } from './additive.js';

const W = [0.5, -1.25, 3, 0.2];
const X = [0.3, -2, 1.5, 1];
const B = [1, 0.5, -0.25, 0];
const x = () => tf.tensor2d([X]);
const b = () => tf.tensor1d(B);
const column = (y: tf.Tensor) => tf.reshape(y, [-1, 1]);
const linear = (rows: tf.Tensor) => column(tf.sum(tf.mul(rows, tf.tensor1d(W)), 1));
const square = (rows: tf.Tensor) => column(tf.sum(tf.square(rows), 1));
const coupled = (rows: tf.Tensor) => tf.tanh(tf.mul(linear(rows), 0.3));
const greatest = (t: tf.Tensor) => tf.max(tf.abs(t)).dataSync()[0]!;

describeOnEachBackend('expectedGradients', () => {
  const baselines = () => random([7, 4], 1);

  test('of a linear model: weights times the difference from the mean baseline that was drawn', () => {
    // With one baseline, whatever the points.
    const map = expectedGradients(linear, x(), 0, {
      baselines: tf.expandDims(b()),
      samples: 3,
      seed: 1,
    });
    expectClose(
      map,
      X.map((value, i) => W[i]! * (value - B[i]!)),
    );
    // With several, the mean of many samples.
    const mean = [...tf.mean(baselines(), 0).dataSync()];
    const options = { baselines: baselines(), samples: 2000, seed: 1, batchSize: 500 };
    expectClose(
      expectedGradients(linear, x(), 0, options),
      X.map((value, i) => W[i]! * (value - mean[i]!)),
      0.05,
    );
  });

  test('of a quadratic model: the mean of x^2 - b^2, to which it is complete', () => {
    const options = { baselines: baselines(), samples: 3000, seed: 2, batchSize: 1000 };
    const map = expectedGradients(square, x(), 0, options);
    const squares = [...tf.mean(tf.square(baselines()), 0).dataSync()];
    expectClose(
      map,
      X.map((value, i) => value ** 2 - squares[i]!),
      0.06,
    );
    const delta = convergenceDelta(square, x(), 0, map, { method: expectedGradients, ...options });
    const total = X.reduce((sum, value, i) => sum + value ** 2 - squares[i]!, 0);
    expectClose(delta, [tf.sum(map).dataSync()[0]! - total], 1e-3);
  });

  test('leaves nothing behind', () => {
    const [input, starts] = [x(), baselines()];
    expectNoLeak(() => expectedGradients(square, input, 0, { baselines: starts, samples: 5 }));
  });
});

describeOnEachBackend('blurIntegratedGradients', () => {
  const image = () => random([2, 9, 7, 2], 3);
  const weights = () => random([9, 7, 2], 4);
  const network = (rows: tf.Tensor) =>
    tf.tidy(() => tf.tanh(additive(tf.mul(weights(), 0.2))(rows)));

  test('of a constant image is 0: blurring changes nothing', () => {
    const map = blurIntegratedGradients(network, tf.fill([1, 9, 7, 2], 3), 0, { steps: 4 });
    expect(greatest(map)).toBeLessThan(1e-5);
  });

  test('of a linear model: weights times what the blur takes away, whatever the steps', () => {
    const map = blurIntegratedGradients(additive(weights()), image(), 0, { steps: 3, maxSigma: 2 });
    const one = blurIntegratedGradients(additive(weights()), image(), 0, { steps: 1, maxSigma: 2 });
    expectClose(map, one.dataSync(), 1e-5);
    const delta = convergenceDelta(additive(weights()), image(), 0, map, {
      method: blurIntegratedGradients,
      maxSigma: 2,
    });
    expect(greatest(delta)).toBeLessThan(1e-4);
  });

  test('is complete to the score less that of the blurred image, the more so with more steps', () => {
    const delta = (steps: number) => {
      const map = blurIntegratedGradients(network, image(), [0, 1], { steps, batchSize: 5 });
      return greatest(
        convergenceDelta(network, image(), [0, 1], map, { method: blurIntegratedGradients, steps }),
      );
    };
    expect(delta(40)).toBeLessThan(1e-3);
    expect(delta(40)).toBeLessThan(delta(4));
  });

  test('leaves nothing behind, and takes images only', () => {
    const input = image();
    expectNoLeak(() => blurIntegratedGradients(network, input, 0, { steps: 3, batchSize: 4 }));
    expectNoLeak(() => blurIntegratedGradients(network, input, 0, { steps: 3, idgi: true }));
    expectError(
      () => blurIntegratedGradients(linear, x(), 0),
      RangeError,
      'blurIntegratedGradients: input must be an image [h, w, c], got shape [4]; ' +
        'vanillaGradient and its kin take any input',
    );
  });
});

describeOnEachBackend('guidedIntegratedGradients', () => {
  const options = { baseline: b, steps: 40 };

  test('with fraction 1 is the straight path, with gradients where each step begins', () => {
    const steps = 20;
    const map = guidedIntegratedGradients(coupled, x(), 0, {
      baseline: b(),
      steps,
      fraction: 1,
    });
    const sums = W.map(() => 0);
    for (let step = 0; step < steps; step++) {
      const point = tf.add(b(), tf.mul(tf.sub(x(), b()), step / steps));
      const gradient = vanillaGradient(coupled, point, 0).dataSync();
      gradient.forEach((value, i) => (sums[i]! += (value * (X[i]! - B[i]!)) / steps));
    }
    expectClose(map, sums, 1e-5);
  });

  test('of a linear model: weights times the difference', () => {
    const map = guidedIntegratedGradients(linear, x(), 0, { baseline: b(), steps: 7 });
    expectClose(
      map,
      X.map((value, i) => W[i]! * (value - B[i]!)),
      1e-5,
    );
  });

  test('is complete as far as its steps are fine', () => {
    const delta = (steps: number, maxDistance: number) => {
      const choice = { baseline: b(), steps, maxDistance };
      const map = guidedIntegratedGradients(coupled, x(), 0, choice);
      const method = guidedIntegratedGradients;
      return greatest(convergenceDelta(coupled, x(), 0, map, { method, ...choice }));
    };
    // Less than 1 % of the score's change, 1.0 or so, at the defaults.
    expect(delta(200, 0.02)).toBeLessThan(0.01);
    expect(delta(200, 0.02)).toBeLessThan(delta(20, 0.02));
    expect(delta(50, 0.02)).toBeLessThan(delta(50, 0.5));
  });

  test('classes and images have paths of their own', () => {
    const model = (rows: tf.Tensor) => tf.concat([coupled(rows), square(rows)], 1);
    const images = tf.stack([tf.tensor1d(X), b()]);
    const choice = { steps: 6, maxDistance: 0.3, baseline: 0.1 };
    const all = guidedIntegratedGradients(
      model,
      images,
      [
        [0, 1],
        [1, 0],
      ],
      choice,
    );
    const one = (image: number, index: number) =>
      guidedIntegratedGradients(model, tf.slice(images, image, 1), index, choice).dataSync();
    expectClose(all, [...one(0, 0), ...one(1, 1), ...one(0, 1), ...one(1, 0)], 1e-5);
  });

  test('leaves nothing behind', () => {
    const [input, baseline] = [x(), options.baseline()];
    const choice = { baseline, steps: 5 };
    expectNoLeak(() => guidedIntegratedGradients(coupled, input, 'argmax', choice));
    const idgi = { ...choice, idgi: true };
    expectNoLeak(() => guidedIntegratedGradients(coupled, input, 'argmax', idgi));
  });
});

describeOnEachBackend('idgi', () => {
  test('of a linear model: w^2 / |w|^2 of the difference of the scores', () => {
    const change = X.reduce((sum, value, i) => sum + W[i]! * (value - B[i]!), 0);
    const squares = W.reduce((sum, w) => sum + w * w, 0);
    const expected = W.map((w) => ((w * w) / squares) * change);
    const options = { baseline: b(), steps: 5, idgi: true };
    expectClose(integratedGradients(linear, x(), 0, options), expected, 1e-5);
    expectClose(guidedIntegratedGradients(linear, x(), 0, options), expected, 1e-5);
  });

  test('is complete exactly, whatever the steps', () => {
    const options = { baseline: b(), steps: 3, idgi: true };
    const map = integratedGradients(coupled, x(), 0, options);
    expect(greatest(convergenceDelta(coupled, x(), 0, map, options))).toBeLessThan(1e-5);
    const guided = guidedIntegratedGradients(coupled, x(), 0, options);
    const method = guidedIntegratedGradients;
    expect(
      greatest(convergenceDelta(coupled, x(), 0, guided, { method, ...options })),
    ).toBeLessThan(1e-5);
  });

  test('leaves nothing behind', () => {
    const [input, baseline] = [x(), b()];
    expectNoLeak(() =>
      integratedGradients(coupled, input, 'argmax', { baseline, steps: 3, idgi: true }),
    );
  });
});

describeOnEachBackend('several baselines', () => {
  test('integrated gradients are the mean over them, complete to the mean of their scores', () => {
    const baseline = random([3, 4], 5);
    const map = integratedGradients(coupled, x(), 0, { baseline });
    const each = tf
      .unstack(baseline)
      .map((one) => integratedGradients(coupled, x(), 0, { baseline: one }));
    expectClose(map, tf.mean(tf.stack(each), 0).dataSync(), 1e-5);
    const delta = convergenceDelta(coupled, x(), 0, map, { baseline });
    expect(greatest(delta)).toBeLessThan(1e-5);
  });

  test('convergenceDelta refuses a method that is not complete', () => {
    expectError(
      () => convergenceDelta(linear, x(), 0, x(), { method: vanillaGradient }),
      TypeError,
      'convergenceDelta: method must be a complete method of the library, such as ' +
        'integratedGradients, got function vanillaGradient',
    );
  });
});
