// Nothing outlives a call, whatever throws in it and wherever.
import * as tf from '@tensorflow/tfjs-core';
import { ours } from '../conformance/ours.js';
import { constant } from '../conformance/case.js';
import { describeOnEachBackend } from '../backends.js';
import { stateOf, tensorCounts } from './state.js';

interface Doors {
  runKernel: (kernel: string, ...rest: unknown[]) => unknown;
}

/**
 * One op of each kind that saves something: fused, normalizing, pooling, resampling, a user's
 * gradient, a tie of two.
 */
function network(x: tf.Tensor): tf.Tensor {
  const image = x as tf.Tensor4D;
  const filter = constant<tf.Rank.R4>([3, 3, 2, 4]);
  const convolved = tf.fused.conv2d({
    x: image,
    filter,
    strides: 1,
    pad: 'same',
    activation: 'prelu',
    preluActivationWeights: tf.scalar(-0.2),
  });
  const normalized = tf.batchNorm(
    convolved as tf.Tensor4D,
    constant([4]),
    tf.ones([4]),
    undefined,
    constant([4], 2),
  );
  const pooled = tf.maxPool(normalized as tf.Tensor4D, 2, 2, 'same');
  const averaged = tf.avgPool(tf.image.resizeBilinear(pooled, [5, 5], false, true), 3, 2, 'same');
  const reversed = reverseGradient(averaged);
  return tf.softmax(
    tf.add(tf.mean(tf.mul(reversed, tf.relu(averaged)), [1, 2]), tf.max(reversed, [1, 2])),
  );
}

const reverseGradient = tf.customGrad((x, save) => {
  const y = tf.mul(x as tf.Tensor, 2);
  (save as tf.GradSaveFunc)([y]);
  return {
    value: y,
    gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(tf.neg(dy), saved!),
  };
}) as (x: tf.Tensor) => tf.Tensor;

describeOnEachBackend('after a gradient', (backend) => {
  let x: tf.Tensor;
  beforeAll(() => {
    x = constant([1, 6, 6, 2]);
    // tfjs finds some of its flags out on first use, one of them with the first array.
    tf.tidy(() => tf.concat([tf.tensor1d([0]), tf.reshape(network(x), [-1])]));
  });
  afterAll(() => x.dispose());

  const engine = () => tf.engine() as unknown as Doors;

  test('tfjs is as it was, but for the result', () => {
    const [before, counts] = [stateOf(backend), tf.memory()];
    const gradient = ours(network, x);
    expect(stateOf(backend)).toEqual(before);
    expect(tf.memory().numTensors).toBe(counts.numTensors + 1);
    gradient.dispose();
    expect(tf.memory().numDataBuffers).toBe(counts.numDataBuffers);
  });

  test('so it is when the model throws', () => {
    const [before, counts] = [stateOf(backend), tensorCounts()];
    const broken = (y: tf.Tensor): tf.Tensor => {
      network(y);
      throw new Error('out of paper');
    };
    expect(() => ours(broken, x)).toThrow('out of paper');
    expect([stateOf(backend), tensorCounts()]).toEqual([before, counts]);
  });

  test('so it is whichever of its kernels throws, forwards or backwards', () => {
    const original = engine().runKernel.bind(engine());
    let runs = 0;
    let fatal = 0;
    const failing = (kernel: string, ...rest: unknown[]): unknown => {
      if (++runs === fatal) throw new Error(`no memory for kernel ${runs}`);
      return original(kernel, ...rest);
    };
    engine().runKernel = failing;
    try {
      const [before, counts] = [stateOf(backend), tensorCounts()];
      ours(network, x).dispose();
      const total = runs;
      expect(total).toBeGreaterThan(80);
      for (fatal = 1; fatal <= total; fatal++) {
        runs = 0;
        expect(() => ours(network, x)).toThrow(`no memory for kernel ${fatal}`);
        expect({ fatal, state: stateOf(backend), counts: tensorCounts() }).toEqual({
          fatal,
          state: before,
          counts,
        });
      }
      // A door of somebody else's is put back as it was.
      expect(engine().runKernel).toBe(failing);
    } finally {
      Reflect.deleteProperty(engine(), 'runKernel');
    }
  });

  test('inside tf.tidy only what is returned remains', () => {
    const before = tf.memory().numTensors;
    const sum = tf.tidy(() => tf.add(ours(network, x), ours(network, tf.mul(x, 2))));
    expect(tf.memory().numTensors).toBe(before + 1);
    sum.dispose();
  });

  test('two interleaved asynchronous runs do not see each other', async () => {
    const alone = [1, 2, 3].map((factor) => [...ours(network, tf.mul(x, factor)).dataSync()]);
    const run = async (model: typeof network, factors: number[]): Promise<number[][]> => {
      const results = [];
      for (const factor of factors) {
        await Promise.resolve();
        results.push([...(await ours(model, tf.mul(x, factor)).data())]);
      }
      return results;
    };
    const [first, squares, second] = await Promise.all([
      run(network, [1, 2, 3]),
      run(tf.square, [1, 2]),
      run(network, [3, 1]),
    ]);
    expect(first).toEqual(alone);
    expect(second).toEqual([alone[2], alone[0]]);
    expect(squares).toEqual([1, 2].map((factor) => [...tf.mul(x, 2 * factor).dataSync()]));
  });

  test('what the forward function got from outside survives it', () => {
    const weights = constant([1, 6, 6, 2]);
    ours((y) => tf.mul(y, weights), x).dispose();
    ours((y) => y, x).dispose();
    expect(weights.isDisposed || x.isDisposed).toBe(false);
    weights.dispose();
  });
});
