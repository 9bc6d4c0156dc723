// Kernels and gradients of the user's own, and those that nobody has. Oracle: closed forms.
import * as tf from '@tensorflow/tfjs-core';
import { GradientError } from '../../src/gradient/gradientError.js';
import { ours } from '../conformance/ours.js';
import { describeOnEachBackend } from '../backends.js';
import { expectError } from '../method/expectError.js';
import { stateOf, tensorCounts } from './state.js';

const numbers = (gradient: tf.Tensor): number[] => [...gradient.dataSync()];

/** An op of the user's own, y = 3 x, and a second output, -x. */
const triple = (x: tf.Tensor): tf.Tensor[] => tf.engine().runKernel('Triple', { x });

const gradient: tf.GradConfig = {
  kernelName: 'Triple',
  inputsToSave: ['x'],
  outputsToSave: [true, false],
  gradFunc: (dys, [x, y]) => {
    const [dy, other] = dys as tf.Tensor[];
    // x and y only to see that they are what was asked for: 3 x / y is 1.
    return { x: () => tf.sub(tf.mul(dy!, tf.div(tf.mul(9, x!), y!)), other!) };
  },
};

describeOnEachBackend("the user's own", (backend) => {
  const x = () => tf.tensor1d([1, -2, 4]);

  beforeAll(() => {
    tf.registerKernel({
      kernelName: 'Triple',
      backendName: backend,
      kernelFunc: ({ inputs }) => [
        tf.mul(inputs['x'] as tf.Tensor, 3),
        tf.neg(inputs['x'] as tf.Tensor),
      ],
    });
  });
  afterAll(() => tf.unregisterKernel('Triple', backend));

  describe('kernel with a registered gradient', () => {
    beforeAll(() => tf.registerGradient(gradient));
    afterAll(() => tf.unregisterGradient('Triple'));

    test('is differentiated by it, between ops of the library', () => {
      const f = (t: tf.Tensor): tf.Tensor => tf.square(triple(tf.relu(t))[0]!);
      expect(numbers(ours(f, tf.tensor1d([1, 2, 4])))).toEqual([18, 36, 72]);
    });

    test('has zeros for an output that is not used', () => {
      expect(numbers(ours((t) => triple(t)[1]!, x()))).toEqual([-1, -1, -1]);
      expect(numbers(ours((t) => tf.add(triple(t)[0]!, triple(t)[1]!), x()))).toEqual([2, 2, 2]);
    });

    test('stays registered, and no tensor is left', () => {
      const input = x();
      const [before, counts] = [stateOf(backend), tensorCounts()];
      ours((t) => triple(t)[0]!, input).dispose();
      expect([stateOf(backend), tensorCounts()]).toEqual([before, counts]);
    });
  });

  describe('gradient that is wrong', () => {
    beforeAll(() =>
      tf.registerGradient({ ...gradient, gradFunc: () => ({ x: () => tf.zeros([2]) }) }),
    );
    afterAll(() => tf.unregisterGradient('Triple'));

    test('is an error that names it', () => {
      const error = expectError(
        () => ours((t) => triple(t)[0]!, x()),
        GradientError,
        "the gradient of Triple with respect to its input 'x' must have shape [3], got [2]: the gradient registered for it is wrong",
      );
      expect(error.op).toBe('Triple');
    });
  });

  describe('kernel without a gradient', () => {
    const message =
      `the gradient of Triple is not known on backend '${backend}': give one with the option gradients, ` +
      `give that part of the model one with tf.customGrad, or choose an output before it`;

    test('is an error that names op, backend and the way out, and leaves nothing', () => {
      const input = x();
      const [before, counts] = [stateOf(backend), tensorCounts()];
      const error = expectError(
        () => ours((t) => tf.square(triple(tf.sigmoid(t))[0]!), input),
        GradientError,
        message,
      );
      expect(error.op).toBe('Triple');
      expect([stateOf(backend), tensorCounts()]).toEqual([before, counts]);
    });

    test('does no harm where the score does not depend on it', () => {
      const f = (t: tf.Tensor): tf.Tensor => {
        triple(t);
        return tf.square(t);
      };
      expect(numbers(ours(f, x()))).toEqual([2, -4, 8]);
    });
  });

  describe('tf.customGrad inside the model', () => {
    /**
     * Turns the gradient round, and forgets what is inside: kernels without a gradient may be
     * there.
     */
    const turnRound = tf.customGrad((t) => ({
      value: triple(t as tf.Tensor)[0]!,
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, -7),
    })) as (t: tf.Tensor) => tf.Tensor;

    test('is honoured', () => {
      expect(numbers(ours((t) => tf.square(turnRound(t)), x()))).toEqual([-42, 84, -168]);
    });

    test('so is one inside another, of which only the outer counts', () => {
      const outer = tf.customGrad((t) => ({
        value: tf.mul(turnRound(t as tf.Tensor), 2),
        gradFunc: (dy: tf.Tensor) => tf.mul(dy, 100),
      })) as (t: tf.Tensor) => tf.Tensor;
      expect(numbers(ours((t) => outer(t), x()))).toEqual([100, 100, 100]);
    });

    test('gets what it saved, and gives a gradient by each input', () => {
      const product = tf.customGrad((a, b, save) => {
        const [left, right] = [a as tf.Tensor, b as tf.Tensor];
        (save as tf.GradSaveFunc)([left, right]);
        return {
          value: tf.mul(left, right),
          gradFunc: (dy: tf.Tensor, [l, r]: tf.Tensor[]) => [
            tf.mul(dy, r!),
            tf.mul(tf.mul(dy, l!), 10),
          ],
        };
      }) as (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
      // a = x, b = 5 x: 5 x + 10 * 5 * x
      expect(numbers(ours((t) => product(t, tf.mul(t, 5)), x()))).toEqual([55, -110, 220]);
      expect(numbers(ours((t) => product(tf.scalar(2), t), x()))).toEqual([20, 20, 20]);
    });

    test('around a fused op is not taken for the one inside the fused op', () => {
      const dense = tf.customGrad((t) => ({
        value: tf.fused.matMul({
          a: t as tf.Tensor2D,
          b: tf.tensor2d([[1], [2]]),
          activation: 'relu',
        }),
        gradFunc: (dy: tf.Tensor) => tf.mul(tf.tile(dy, [1, 2]), 0.5),
      })) as (t: tf.Tensor) => tf.Tensor;
      expect(numbers(ours(dense, tf.tensor2d([[3, 4]])))).toEqual([0.5, 0.5]);
    });
  });
});

describeOnEachBackend('a score that does not depend on the input', (backend) => {
  const start = `the score does not depend on the input on backend '${backend}': `;
  const end = '; return a value that tfjs ops compute from the input';

  test.each<[string, (x: tf.Tensor) => tf.Tensor, string]>([
    [
      'cut off by an op without slope',
      (x) => tf.cast(tf.argMax(tf.square(x)), 'float32'),
      'every path between them ends in an op without a gradient (ArgMax)',
    ],
    [
      'computed outside',
      (x) => tf.tensor1d([...x.dataSync()]),
      'the model does not use it, or computes outside of tfjs ops (dataSync, a canvas, another library)',
    ],
  ])('is an error: %s', (_, f, why) => {
    const x = tf.tensor1d([1, 2]);
    const counts = tensorCounts();
    expectError(() => tf.tidy(() => ours(f, x)), GradientError, start + why + end);
    expect(tensorCounts()).toEqual(counts);
  });
});
