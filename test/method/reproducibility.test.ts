// Oracle: the same call on the other backend, in other batches, or for one image at a time.
import * as tf from '@tensorflow/tfjs-core';
import type { SmoothGradOptions } from 'tfjs-saliency';
import { smoothGrad } from 'tfjs-saliency';
import { backends, describeOnEachBackend } from '../backends.js';
import { expectClose } from './expectClose.js';

/** A small network with everything in it that a batch could mix up: [n, 8, 8, 3] -> [n, 4]. */
function network(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const weights = (shape: number[], seed: number) =>
      tf.randomNormal(shape, 0, 0.5, 'float32', seed);
    const convolved = tf.conv2d(
      x as tf.Tensor4D,
      weights([3, 3, 3, 6], 1) as tf.Tensor4D,
      2,
      'same',
    );
    const pooled = tf.maxPool(tf.elu(convolved) as tf.Tensor4D, 2, 1, 'same');
    return tf.softmax(tf.matMul(tf.reshape(pooled, [-1, 96]), weights([96, 4], 2) as tf.Tensor2D));
  });
}

const images = () => tf.randomUniform([2, 8, 8, 3], 0, 1, 'float32', 5);
const SEED = 2 ** 32 - 1;

const VARIANTS: [string, SmoothGradOptions][] = [
  ['the mean', {}],
  ['E|g|', { statistic: 'meanAbs' }],
  ['the mean square', { statistic: 'meanSquare' }],
  ['the variance', { statistic: 'variance' }],
  ['aggregated samples', { aggregate: 'maxAbs' }],
  ['antithetic samples', { antithetic: true }],
  ['uniform noise', { noise: 'uniform' }],
  ['every sample its own class', { perSampleArgmax: true, noiseLevel: 1 }],
];

const map = (options: SmoothGradOptions, x: tf.Tensor = images()) =>
  smoothGrad(network, x, 'argmax', { samples: 10, seed: SEED, ...options });

describeOnEachBackend('the same seed gives the same map', () => {
  test('to the bit in the same call', () => {
    expect(map({}).dataSync()).toEqual(map({}).dataSync());
  });

  test.each(VARIANTS)('in batches of 1, 3, 8 and all: %s', (_, options) => {
    const expected = map({ ...options, batchSize: 100 }).dataSync();
    for (const batchSize of [1, 3, 8]) expectClose(map({ ...options, batchSize }), expected, 1e-5);
  });

  test.each(VARIANTS)('alone and in a batch: %s', (_, options) => {
    const together = map(options);
    for (const i of [0, 1]) {
      expectClose(
        map(options, tf.slice(images(), i, 1)),
        tf.slice(together, i, 1).dataSync(),
        1e-5,
      );
    }
  });

  test('with other images beside it, in another order', () => {
    const [first, second] = tf.unstack(map({}));
    expectClose(map({}, tf.reverse(images(), 0)), tf.stack([second!, first!]).dataSync(), 1e-5);
    const beside = tf.concat([images(), tf.mul(images(), 10)], 0);
    expectClose(tf.slice(map({}, beside), 0, 1), first!.dataSync(), 1e-5);
  });

  test('and another seed, or none, another map', () => {
    const maps = [{ seed: 0 }, { seed: 1 }, { seed: 2 ** 31 }, { seed: SEED }].map((each) =>
      map(each).dataSync().join(),
    );
    const unseeded = [1, 2].map(() => smoothGrad(network, images(), 0).dataSync().join());
    expect(new Set([...maps, ...unseeded]).size).toBe(6);
  });

  test("'argmax' is the class of the clean input, perSampleArgmax each sample's own", () => {
    const image = tf.slice(images(), 0, 1);
    const clean = tf.argMax(network(image), 1).dataSync()[0]!;
    const options = { samples: 20, seed: 1, noiseLevel: 3 };
    const fixed = smoothGrad(network, image, clean, options).dataSync();
    expect(smoothGrad(network, image, 'argmax', options).dataSync()).toEqual(fixed);
    expect(
      smoothGrad(network, image, 'argmax', { ...options, perSampleArgmax: true }).dataSync(),
    ).not.toEqual(fixed);
  });
});

test.each(VARIANTS)('the same seed gives the same map on every backend: %s', async (_, options) => {
  const maps: Float32Array[] = [];
  for (const backend of backends) {
    await tf.setBackend(backend);
    maps.push(map(options).dataSync() as Float32Array);
  }
  expectClose(tf.tensor1d(maps[0]!), maps[1]!, 1e-5);
});
