// Oracles: rules of one layer by hand, conservation of the score, gradient times input in the
// limit, and the same network put another way.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { gradientTimesInput, lrp, vgg16 } from 'tfjs-saliency';
import { constant } from '../conformance/case.js';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from '../method/expectClose.js';

const COMPOSITES = [
  'epsilonPlusFlat',
  'epsilonGammaBox',
  'epsilonAlpha2Beta1',
  'excitationBackprop',
  'zPlus',
  'epsilon',
  'gamma',
] as const;

type Network = (x: Tensor) => Tensor;

const total = (map: Tensor): number => tf.sum(map).dataSync()[0]!;
const scoreOf = (model: Network, x: Tensor, index: number): number =>
  tf.tidy(() => (model(x).dataSync() as Float32Array)[index]!);

describeOnEachBackend('lrp', () => {
  let filters: Tensor[];
  let dense: Tensor;
  let x: Tensor;
  beforeAll(() => {
    filters = [1, 2, 3, 4].map((seed, i) => constant([3, 3, i === 0 ? 3 : 4, 4], seed));
    dense = constant([4, 3], 9);
    x = constant([1, 8, 8, 3], 5);
  });
  const conv = (x: Tensor, i: number): Tensor =>
    tf.conv2d(x as Tensor4D, filters[i] as Tensor4D, 1, 'same');
  const head = (y: Tensor): Tensor =>
    tf.matMul(tf.reshape(y, [y.shape[0]!, 4]) as Tensor2D, dense as Tensor2D);
  const pooled = (y: Tensor): Tensor => tf.mean(tf.avgPool(y as Tensor4D, 4, 4, 'valid'), [1, 2]);

  /** Bias-free: a residual sum, a concatenation, both kinds of pools, overlapping ones too. */
  const biasFree: Network = (x) => {
    const first = tf.relu(conv(x, 0));
    const sum = tf.relu(tf.add(first, conv(first, 1)));
    const most = tf.maxPool(sum as Tensor4D, 3, 1, 'same');
    const two = tf.concat([most, tf.relu(conv(most, 2))], 3);
    const one = tf.add(...(tf.split(two, 2, 3) as [Tensor, Tensor]));
    return head(pooled(tf.relu(one)));
  };

  test.each(COMPOSITES.filter((name) => name !== 'epsilonAlpha2Beta1'))(
    'conserves the score of a bias-free network: %s',
    (composite) => {
      const map = lrp(biasFree, x, 1, { composite, range: [-1, 1], epsilon: 0 });
      const score = scoreOf(biasFree, x, 1);
      expect(Math.abs(total(map) - score)).toBeLessThan(1e-5 * Math.abs(score) + 1e-6);
    },
  );

  test('conserves the score through gates: swish, squeeze-and-excitation, GELU, normalization', () => {
    const gates: Network[] = [
      (y) => tf.mul(y, tf.sigmoid(y)),
      (y) => tf.mul(tf.sigmoid(tf.mean(y, [1, 2], true)), y),
      (y) => tf.mul(tf.mul(y, 0.5), tf.add(tf.erf(tf.mul(y, Math.SQRT1_2)), 1)),
      (y) => {
        const { variance } = tf.moments(y, 3, true);
        return tf.mul(y, tf.rsqrt(tf.add(variance, 0.01)));
      },
      (y) => tf.div(y, tf.sqrt(tf.add(tf.mean(tf.square(y), 3, true), 0.01))),
      (y) => tf.mul(y, conv(y, 1)),
    ];
    for (const gate of gates) {
      const model: Network = (input) => head(pooled(conv(gate(conv(input, 0)), 2)));
      const map = lrp(model, x, 0, { composite: 'epsilon', epsilon: 0 });
      const score = scoreOf(model, x, 0);
      const size = total(tf.abs(map));
      expect(Math.abs(total(map) - score)).toBeLessThan(2e-6 * size);
      expect(size).toBeGreaterThan(0);
    }
  });

  test('halves a product of two matrices, and takes a deviation as constant: attention', () => {
    const tokens: Network = (input) => tf.reshape(input, [1, 64, 3]);
    // Without the softmax, which is not linear, the products conserve the score.
    const model: Network = (input) => {
      const t = tokens(input);
      const seen = tf.matMul(tf.matMul(t, t, false, true), t);
      return tf.sum(seen, 1);
    };
    const score = scoreOf(model, x, 2);
    const map = lrp(model, x, 2, { composite: 'epsilon' });
    expect(Math.abs(total(map) - score)).toBeLessThan(1e-5 * Math.abs(score));
  });

  test.each(['epsilon', 'gamma'] as const)(
    '%s at 0 is gradient times input, biases and leaky rectifiers included',
    (composite) => {
      const model: Network = (input) => {
        const y = tf.leakyRelu(tf.add(conv(input, 0), tf.tensor1d([0.1, -0.2, 0.3, 0])), 0.1);
        return head(pooled(tf.relu(conv(tf.maxPool(y as Tensor4D, 2, 1, 'same'), 1))));
      };
      const map = lrp(model, x, 1, { composite, epsilon: 0, gamma: 0 });
      expectClose(map, gradientTimesInput(model, x, 1).dataSync(), 1e-5);
    },
  );

  // One dense layer: contributions 2, -2, 3 and 1, 1, -6 of its two outputs, biases 1 and -1.
  const X = [1, -1, 3];
  const W = [2, 1, 2, -1, 1, -2];
  const B = [1, -1];
  const layer: Network = (input) =>
    tf.fused.matMul({
      a: input as Tensor2D,
      b: tf.tensor2d(W, [3, 2]),
      bias: tf.tensor1d(B),
    });
  const by = (sums: number[], rows: number[][], index: number): number[] =>
    rows[index]!.map((share) => (share / sums[index]!) * [4, -5][index]!);

  test.each([0, 1])('rules of one dense layer by hand, output %d', (index) => {
    const run = (composite: (typeof COMPOSITES)[number]) =>
      lrp(layer, tf.tensor1d(X), index, { composite, epsilon: 0.5, gamma: 2 });
    const positive = [
      [2, 0, 3],
      [1, 1, 0],
    ];
    // z+ of both outputs with b+: 6 and 2.
    expectClose(run('zPlus'), by([6, 2], positive, index));
    expectClose(run('excitationBackprop'), by([5, 2], positive, index));
    const contributions = [
      [2, -2, 3],
      [1, 1, -6],
    ];
    expectClose(run('epsilon'), by([4.5, -5.5], contributions, index));
    const favoured = [
      [6, -2, 9],
      [1, 1, -18],
    ];
    // y + 2 z+ = 4 + 12; y + 2 z- = -5 - 14.
    expectClose(run('gamma'), by([16, -19], favoured, index));
  });

  test('alpha-beta of one convolution by hand', () => {
    const model: Network = (input) =>
      tf.reshape(
        tf.conv2d(input as Tensor4D, tf.tensor4d([2, 2, 1], [1, 1, 3, 1]), 1, 'valid'),
        [-1, 1],
      );
    const map = lrp(model, tf.tensor4d(X, [1, 1, 1, 3]), 0, { composite: 'epsilonAlpha2Beta1' });
    // 2 (2 + 3 of 5) of y = 3, less all of the one negative contribution.
    expectClose(map, [(2 * 2 * 3) / 5, -3, (2 * 3 * 3) / 5]);
  });

  test('flat shares equally what a first layer sees, padding of the model left out', () => {
    const model: Network = (input) => {
      const padded = tf.pad(input, [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ]);
      const y = tf.conv2d(padded as Tensor4D, tf.ones([3, 3, 1, 1]), 1, 'valid');
      return tf.reshape(tf.slice(y, [0, 0, 0, 0], [1, 1, 2, 1]), [1, 2]);
    };
    const image = tf.tensor4d([1, 2, 3, 4, 0, 6, 7, 8, 9], [1, 3, 3, 1]);
    // The corner sees 1 + 2 + 4 + 0 in 4 pixels, the edge 16 in 6; the black pixel has its share.
    const corner = [1, 1, 0, 1, 1, 0, 0, 0, 0].map((seen) => (seen * 7) / 4);
    expectClose(lrp(model, image, 0), corner);
    expectClose(
      lrp(model, image, 1),
      [1, 1, 1, 1, 1, 1, 0, 0, 0].map((seen) => (seen * 16) / 6),
    );
  });

  test('z^B by hand, of a range for all channels, for each and of the preset', () => {
    const model: Network = (input) =>
      tf.reshape(
        tf.conv2d(input as Tensor4D, tf.tensor4d([2, -1, 1], [1, 1, 3, 1]), 1, 'valid'),
        [-1, 1],
      );
    const composite = 'epsilonGammaBox' as const;
    const image = tf.tensor4d([1, -1, 3], [1, 1, 1, 3]);
    // x w - l w+ - h w-: 2 + 4 * 2, 1 + 4 and 3 + 4 of y = 6
    const shares = [10, 5, 7].map((share) => (share * 6) / 22);
    expectClose(lrp(model, image, 0, { composite, range: [-4, 4] }), shares);
    const range: [number, number][] = [
      [-4, 4],
      [-4, 4],
      [-4, 4],
    ];
    expectClose(lrp(model, image, 0, { composite, range }), shares);
    expect(() => lrp(model, image, 0, { composite })).toThrow(
      "lrp: range must be given for the composite 'epsilonGammaBox' without a preset",
    );
    expect(() => lrp(model, image, 0, { composite, range: range.slice(1) })).toThrow(
      'lrp: range must be one pair, or one per channel (3)',
    );
    const preprocess = { ...vgg16, range, preprocess: () => image as Tensor4D };
    const photo = tf.zeros([1, 1, 3], 'int32') as Tensor3D;
    expectClose(lrp(model, photo, 0, { composite, preprocess }), shares);
  });

  test('of weights and inputs >= 0, z+, gamma and epsilon agree', () => {
    const positive = filters.map((filter) => tf.abs(filter));
    const model: Network = (input) => {
      const y = tf.relu(tf.conv2d(input as Tensor4D, positive[0] as Tensor4D, 1, 'same'));
      const z = tf.conv2d(y as Tensor4D, positive[1] as Tensor4D, 2, 'same');
      return tf.matMul(tf.reshape(pooled(z), [1, 4]) as Tensor2D, tf.ones([4, 3]));
    };
    const image = tf.abs(x);
    const expected = lrp(model, image, 0, { composite: 'epsilon', epsilon: 0 }).dataSync();
    for (const composite of ['zPlus', 'gamma', 'excitationBackprop'] as const) {
      expectClose(lrp(model, image, 0, { composite }), expected, 1e-5);
    }
  });

  test('what a model does to its input first counts as the input, and the layer behind as first', () => {
    const layers: Network = (input) => head(pooled(tf.relu(conv(input, 0))));
    const scaled: Network = (input) => layers(tf.sub(tf.div(input, 127.5), 1));
    const photo = tf.mul(tf.add(x, 1), 127.5);
    for (const composite of COMPOSITES) {
      const options = { composite, range: [-1, 1] as const };
      const expected = lrp(layers, x, 1, options).dataSync();
      expectClose(lrp(scaled, photo, 1, options), expected, 1e-4);
    }
  });

  test('spreads nothing where no contribution is positive', () => {
    const model: Network = (input) => tf.matMul(input as Tensor2D, tf.tensor2d([-1, -2], [2, 1]));
    expectClose(lrp(model, tf.tensor1d([1, 1]), 0, { composite: 'epsilon' }), [-1, -2], 1e-5);
    expect([...lrp(model, tf.tensor1d([1, 1]), 0, { composite: 'zPlus' }).dataSync()]).toEqual([
      0, 0,
    ]);
  });
});
