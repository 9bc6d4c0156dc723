// Oracle: central finite differences of the trained models' own outputs. The difference of two
// logits is the difference of the logarithms of their probabilities, so that the oracle needs
// nothing but `predict`.
import * as tf from '@tensorflow/tfjs-core';
import type { PredictModel } from 'tfjs-saliency';
import { vanillaGradient } from 'tfjs-saliency';
import { describeOnWasm, expectNoLeak } from '../backends.js';
import { humanModel, nsfwModel } from './trained.js';

interface Trained {
  model: PredictModel;
  shape: number[];
  /** The range of the input's numbers. */
  range: [number, number];
  /** Two classes whose difference of logits is differentiated. */
  classes: [number, number];
}

const MODELS: [string, () => Trained | Promise<Trained>][] = [
  [
    "nsfwjs's MobileNetV2 (LayersModel)",
    async () => ({
      model: await nsfwModel(224),
      shape: [224, 224, 3],
      range: [0, 1],
      classes: [0, 2],
    }),
  ],
  [
    'emotion (GraphModel)',
    () => ({ model: humanModel('emotion'), shape: [64, 64, 1], range: [-1, 1], classes: [3, 6] }),
  ],
  [
    'liveness (GraphModel)',
    () => ({ model: humanModel('liveness'), shape: [32, 32, 3], range: [0, 1], classes: [0, 1] }),
  ],
];

/**
 * A picture with edges and areas, as photos have: the noise of a test would see other parts of the
 * network.
 */
function picture([height, width, channels]: number[], [min, max]: [number, number]): tf.Tensor {
  return tf.tidy(() => {
    const coarse = tf.randomUniform([1, 6, 6, channels!], min, max, 'float32', 7) as tf.Tensor4D;
    return tf.reshape(tf.image.resizeBilinear(coarse, [height!, width!]), [
      height!,
      width!,
      channels!,
    ]);
  });
}

/** log p_a - log p_b of several inputs at once, [n]. */
function logitDifferences({ model, classes: [a, b] }: Trained, inputs: tf.Tensor): Float32Array {
  return tf.tidy(() => {
    const p = model.predict(inputs) as tf.Tensor2D;
    const log = (c: number) => tf.log(tf.slice(p, [0, c], [-1, 1]));
    return tf.sub(log(a), log(b)).dataSync() as Float32Array;
  });
}

/**
 * The slope of the difference of logits along a unit vector. The step is short because the networks
 * are full of kinks.
 */
function slope(trained: Trained, x: tf.Tensor, direction: tf.Tensor): number {
  const step = 0.001;
  return tf.tidy(() => {
    const points = tf.stack(
      [-2, -1, 1, 2].map((steps) => tf.add(x, tf.mul(direction, steps * step))),
    );
    const [m2, m1, p1, p2] = logitDifferences(trained, points);
    // The five-point rule.
    return (m2! - 8 * m1! + 8 * p1! - p2!) / (12 * step);
  });
}

const unit = (direction: tf.Tensor) => tf.div(direction, tf.norm(direction));
const inner = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0]!;

/** What kinks within a step and float32's rounding of the outputs leave of a finite difference. */
function expectWithinPercent(slope: number, expected: number, percent: number): void {
  expect(Math.abs(slope / expected - 1)).toBeLessThan(percent / 100);
}

describeOnWasm('the gradient of trained models', () => {
  describe.each(MODELS)('%s', (_, load) => {
    let trained: Trained;
    let x: tf.Tensor;
    let gradient: tf.Tensor;

    beforeAll(async () => {
      trained = await load();
      x = picture(trained.shape, trained.range);
      const [a, b] = trained.classes;
      gradient = vanillaGradient(trained.model, x, { for: a, against: b });
    });

    // A gradient with a wrong part g + e, however e lies, has another slope along g + e than its
    // length.
    test('along itself', () => {
      const length = tf.norm(gradient).dataSync()[0]!;
      expectWithinPercent(slope(trained, x, unit(gradient)), length, 1);
    });

    test.each([1, 2, 3])('along random half %d of its numbers', (seed) => {
      const half = tf.cast(
        tf.less(tf.randomUniform(x.shape, 0, 1, 'float32', seed), 0.5),
        'float32',
      );
      const direction = unit(tf.mul(gradient, half));
      expectWithinPercent(slope(trained, x, direction), inner(gradient, direction), 1);
    });

    // There is less to measure: a hundredth of the score's change.
    test('by single numbers of the input', () => {
      const strongest = tf.topk(tf.abs(tf.reshape(gradient, [-1])), 3).indices.dataSync();
      for (const i of strongest) {
        const direction = tf.reshape(
          tf.cast(tf.oneHot(tf.tensor1d([i], 'int32'), x.size), 'float32'),
          x.shape,
        );
        expectWithinPercent(slope(trained, x, direction), gradient.dataSync()[i]!, 5);
      }
    });

    test('leaves nothing behind', () => {
      expectNoLeak(() => vanillaGradient(trained.model, x, 'argmax'));
    });
  });
});
