// What a run keeps between its samples is made once, follows the weights, and is freed at the run's
// end.
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { smoothGradSteps, vanillaGradient } from 'tfjs-saliency';
import { constant } from '../conformance/case.js';
import { describeOnEachBackend } from '../backends.js';

const image = (): tf.Tensor4D => constant<tf.Rank.R4>([1, 6, 6, 2]);

/** Linear, so that its gradient is as many times as great as its weights are. */
function linearModel(filter: tf.Variable<tf.Rank.R4>) {
  return (x: tf.Tensor): tf.Tensor =>
    tf.sum(tf.conv2d(x as tf.Tensor4D, filter, 1, 'same'), [1, 2]);
}

describeOnEachBackend('the cache of a run', () => {
  let x: tf.Tensor4D;
  let filter: tf.Variable<tf.Rank.R4>;
  beforeEach(() => {
    x = image();
    filter = tf.tidy(() => tf.variable(constant<tf.Rank.R4>([3, 3, 2, 4])));
  });
  afterEach(() => {
    x.dispose();
    filter.dispose();
  });

  const doubleWeights = (): void => {
    tf.tidy(() => filter.assign(tf.mul(filter, 2)));
  };
  const valuesOf = (map: tf.Tensor): Float32Array => {
    const values = map.dataSync<'float32'>();
    map.dispose();
    return values;
  };
  const scaled = (values: Float32Array, factor: number): Float32Array =>
    values.map((value) => value * factor);

  test('knows weights that changed between two calls', () => {
    const model = linearModel(filter);
    const before = valuesOf(vanillaGradient(model, x, 1));
    doubleWeights();
    expect(valuesOf(vanillaGradient(model, x, 1))).toEqual(scaled(before, 2));
  });

  test('knows weights that changed within a run: the mean of g and 2 g is 1.5 g', async () => {
    const model = linearModel(filter);
    const single = valuesOf(vanillaGradient(model, x, 1));
    const maps: Float32Array[] = [];
    for await (const { map } of smoothGradSteps(model, x, 1, {
      samples: 2,
      stdDev: 0,
      batchSize: 1,
    })) {
      maps.push(valuesOf(map));
      doubleWeights();
    }
    expect(maps).toEqual([single, scaled(single, 1.5)]);
  });

  test('has nothing for the next model in the place of a disposed one', () => {
    const before = valuesOf(vanillaGradient(linearModel(filter), x, 1));
    const next = tf.tidy(() => tf.variable<tf.Rank.R4>(tf.mul(filter, -4)));
    filter.dispose();
    const after = valuesOf(vanillaGradient(linearModel(next), x, 1));
    next.dispose();
    expect(after).toEqual(scaled(before, -4));
  });

  test('leaves a disposed model to tfjs, whose error says so', () => {
    const model = layers.sequential({
      layers: [layers.layers.flatten({ inputShape: [6, 6, 2] }), layers.layers.dense({ units: 3 })],
    });
    model.dispose();
    const counts = tf.memory().numTensors;
    expect(() => vanillaGradient(model, x, 1)).toThrow('already disposed');
    expect(tf.memory().numTensors).toBe(counts);
  });

  test('flips filters once in a run, and holds nothing more after five samples than after one', async () => {
    const depthwise = (y: tf.Tensor): tf.Tensor =>
      tf.sum(
        tf.depthwiseConv2d(tf.conv2d(y as tf.Tensor4D, filter, 1, 'same'), perChannel, 1, 'same'),
        [1, 2],
      );
    const perChannel = constant<tf.Rank.R4>([3, 3, 4, 1]);
    const before = tf.memory().numTensors;
    const runKernel = jest.spyOn(tf.engine(), 'runKernel');
    const flips: number[] = [];
    const held: number[] = [];
    const options = { samples: 5, batchSize: 1, seed: 1 };
    for await (const { map } of smoothGradSteps(depthwise, x, 1, options)) {
      map.dispose();
      flips.push(runKernel.mock.calls.filter(([kernel]) => kernel === 'Reverse').length);
      held.push(tf.memory().numTensors);
    }
    runKernel.mockRestore();
    perChannel.dispose();
    expect(flips[0]).toBeGreaterThan(0);
    expect(flips).toEqual(flips.map(() => flips[0]));
    // The second half of the samples has its own mean from the second sample on.
    expect(held.slice(1, -1)).toEqual(held.slice(1, -1).map(() => held[1]));
    // Before the last step everything but its map is freed.
    expect(held.at(-1)).toBe(before);
  });
});
