// Oracle: each score's formula, computed here in float64, on a linear model with a head: z = x W.
import * as tf from '@tensorflow/tfjs-core';
import type { ClassIndex, Score } from 'tfjs-saliency';
import { GradientError, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';

const W = [
  [0.5, -1.25, 3, 0.75],
  [0.1, 7, -2, 1],
  [-0.3, 0.2, 0.9, -4],
];
const X = [0.4, -0.2, 0.7];
const CLASSES = [0, 1, 2, 3];

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, each, i) => sum + each * b[i]!, 0);
const logits = (x: readonly number[]) =>
  CLASSES.map((c) =>
    dot(
      x,
      W.map((row) => row[c]!),
    ),
  );
const softmax = (z: readonly number[]) => {
  const shifted = z.map((each) => Math.exp(each - Math.max(...z)));
  return shifted.map((each) => each / shifted.reduce((sum, e) => sum + e));
};
const sigmoid = (z: readonly number[]) => z.map((each) => 1 / (1 + Math.exp(-each)));

/** Back through z = x W. */
const byInput = (dz: readonly number[]) => W.map((row) => dot(row, dz));
/**
 * The differences of p from the others, sum_i p_i (dp_j - dp_i): what is left of dp_j after a
 * softmax, without cancellation.
 */
const throughSoftmax = (p: readonly number[], dp: readonly number[]) =>
  p.map((pj, j) => pj * p.reduce((sum, pi, i) => sum + pi * (dp[j]! - dp[i]!), 0));
const oneHot = (c: number) => CLASSES.map((each) => (each === c ? 1 : 0));

const model = (head: (z: tf.Tensor) => tf.Tensor, scale: number) => (x: tf.Tensor) =>
  head(tf.matMul(tf.mul(x, scale) as tf.Tensor2D, tf.tensor2d(W)));

const gradient = (
  head: (z: tf.Tensor) => tf.Tensor,
  classIndex: ClassIndex,
  score?: Score,
  scale = 1,
) =>
  vanillaGradient(
    model(head, scale),
    tf.tensor1d(X),
    classIndex,
    score === undefined ? {} : { score },
  );

describeOnEachBackend('a softmax head', () => {
  const p = softmax(logits(X));

  test.each(CLASSES)('logit of class %d: its weights, to the bit, and the default', (c) => {
    const weights = Float32Array.from(W, (row) => row[c]!);
    expect(gradient(tf.softmax, c, 'logit').dataSync()).toEqual(weights);
    expect(gradient(tf.softmax, c).dataSync()).toEqual(weights);
  });

  test.each(CLASSES)('output of class %d: p_c (onehot - p) W', (c) => {
    expectClose(gradient(tf.softmax, c, 'output'), byInput(throughSoftmax(p, oneHot(c))));
  });

  test.each(CLASSES)('logProbability of class %d: (onehot - p) W', (c) => {
    const dz = oneHot(c).map((one, j) => one - p[j]!);
    expectClose(gradient(tf.softmax, c, 'logProbability'), byInput(dz));
  });

  test.each(CLASSES)('crossEntropy of class %d: of a second softmax, applied to p', (c) => {
    const dp = softmax(p).map((q, j) => q - oneHot(c)[j]!);
    expectClose(gradient(tf.softmax, c, 'crossEntropy'), byInput(throughSoftmax(p, dp)));
  });

  test('a difference of two classes is the difference of their scores, whose p W cancels', () => {
    const dz = oneHot(1).map((one, j) => one - oneHot(3)[j]!);
    expectClose(gradient(tf.softmax, { for: 1, against: 3 }, 'logit'), byInput(dz));
    expectClose(gradient(tf.softmax, { for: 1, against: 3 }, 'logProbability'), byInput(dz));
    expectClose(
      gradient(tf.softmax, { for: 1, against: 3 }, 'output'),
      byInput(throughSoftmax(p, dz)),
    );
  });

  test('a function of the outputs and the classes', () => {
    // -sum p^2 of the softmax, and p_c^2
    const purity = gradient(tf.softmax, 0, (outputs) => tf.neg(tf.sum(tf.square(outputs))));
    const dpOfPurity = p.map((each) => -2 * each);
    expectClose(purity, byInput(throughSoftmax(p, dpOfPurity)));
    const square = (outputs: tf.Tensor, classes: tf.Tensor) => {
      expect([classes.dtype, ...classes.shape]).toEqual(['int32', 1]);
      return tf.sum(
        tf.mul(tf.square(outputs), tf.oneHot(tf.cast(classes, 'int32') as tf.Tensor1D, 4)),
        1,
      );
    };
    const dp = oneHot(2).map((one) => 2 * one * p[2]!);
    expectClose(gradient(tf.softmax, 2, square), byInput(throughSoftmax(p, dp)));
  });
});

describeOnEachBackend('two softmaxes side by side in one row of outputs', () => {
  test('logProbability is of the one that the class belongs to', () => {
    const heads = (z: tf.Tensor) => tf.reshape(tf.softmax(tf.reshape(z, [-1, 2, 2])), [-1, 4]);
    const [z0, z1] = logits(X);
    const [p0, p1] = softmax([z0!, z1!]);
    expectClose(gradient(heads, 0, 'logProbability'), byInput([1 - p0!, -p1!, 0, 0]));
  });
});

// float32 rounds p to 1 and 1 - p to 0 here, so that a formula with 1 - p in it would lose the
// winner's part.
describeOnEachBackend('a saturated softmax', () => {
  const SCALE = 8;
  const z = logits(X).map((each) => each * SCALE);
  const p = softmax(z);
  const winner = z.indexOf(Math.max(...z));
  const scaled = (dz: readonly number[]) => byInput(dz).map((each) => each * SCALE);

  test('is one: the winner has 1 to float32 rounding, and the others have something', () => {
    expect(Math.fround(p[winner]!)).toBe(1);
    expect(Math.max(...p.filter((_, c) => c !== winner))).toBeGreaterThan(1e-12);
  });

  test.each(CLASSES)('logit of class %d', (c) => {
    expectClose(gradient(tf.softmax, c, 'logit', SCALE), scaled(oneHot(c)));
  });

  test.each(CLASSES)('output of class %d', (c) => {
    expectClose(
      gradient(tf.softmax, c, 'output', SCALE),
      scaled(throughSoftmax(p, oneHot(c))),
      1e-5,
    );
  });

  test.each(CLASSES)('logProbability of class %d', (c) => {
    const dz = throughSoftmax(p, oneHot(c)).map((each) => each / p[c]!);
    expectClose(gradient(tf.softmax, c, 'logProbability', SCALE), scaled(dz), 1e-5);
  });

  test.each(CLASSES)('crossEntropy of class %d', (c) => {
    const dp = softmax(p).map((q, j) => q - oneHot(c)[j]!);
    expectClose(
      gradient(tf.softmax, c, 'crossEntropy', SCALE),
      scaled(throughSoftmax(p, dp)),
      1e-5,
    );
  });
});

describeOnEachBackend('a sigmoid head', () => {
  const p = sigmoid(logits(X));

  test.each(CLASSES)('logit of class %d: its weights, to the bit', (c) => {
    expect(gradient(tf.sigmoid, c).dataSync()).toEqual(Float32Array.from(W, (row) => row[c]!));
  });

  test.each(CLASSES)('output of class %d: p (1 - p) of it', (c) => {
    expectClose(
      gradient(tf.sigmoid, c, 'output'),
      byInput(oneHot(c).map((one) => one * p[c]! * (1 - p[c]!))),
    );
  });

  test.each(CLASSES)('logProbability of class %d: 1 - p of it', (c) => {
    expectClose(
      gradient(tf.sigmoid, c, 'logProbability'),
      byInput(oneHot(c).map((one) => one * (1 - p[c]!))),
    );
  });

  test.each(CLASSES)('crossEntropy of class %d: of a softmax, applied to p', (c) => {
    const q = softmax(p);
    const dz = p.map((pj, j) => (q[j]! - oneHot(c)[j]!) * pj * (1 - pj));
    expectClose(gradient(tf.sigmoid, c, 'crossEntropy'), byInput(dz));
  });

  test('a saturated one keeps the logarithm of its probability', () => {
    const z = 12 * logits(X)[2]!;
    expect(Math.fround(1 / (1 + Math.exp(-z)))).toBe(1);
    const dz = oneHot(2).map((one) => (one * 12) / (1 + Math.exp(z)));
    expectClose(gradient(tf.sigmoid, 2, 'logProbability', 12), byInput(dz), 1e-5);
  });
});

describeOnEachBackend('a model without a head', () => {
  const linear = (z: tf.Tensor) => z;

  test("its output is its logit, and 'logit' and 'output' are the same", () => {
    for (const score of ['logit', 'output'] as const) {
      expect(gradient(linear, 3, score).dataSync()).toEqual(Float32Array.from(W, (row) => row[3]!));
    }
  });

  test('crossEntropy of class 1: (softmax(z) - onehot) W', () => {
    const dz = softmax(logits(X)).map((q, j) => q - oneHot(1)[j]!);
    expectClose(gradient(linear, 1, 'crossEntropy'), byInput(dz));
  });

  test('has no logProbability', () => {
    const message =
      "vanillaGradient: score 'logProbability' needs a model that ends in a softmax or sigmoid, and this one does not; " +
      "for a model that returns logits, -'crossEntropy' is the log probability";
    expectError(() => gradient(linear, 1, 'logProbability'), GradientError, message);
  });
});
