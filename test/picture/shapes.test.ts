// Oracle: the same map without its axes of length 1.
import * as tf from '@tensorflow/tfjs-core';
import { aggregateChannels, colorize, limitsOf, normalize, overlay } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends';

describeOnEachBackend('maps with a channel axis of 1', () => {
  const map = () => tf.randomUniform([2, 4, 5], 0, 1, 'float32', 41);
  const first = () => tf.reshape(tf.slice(map(), [0, 0, 0], [1, -1, -1]), [4, 5]);

  test.each([
    [[4, 5, 1], first],
    [[2, 4, 5, 1], map],
  ])('%p', (shape, of) => {
    const [channel, without] = [tf.reshape(of(), shape), of()];
    const normalized = normalize(channel);
    expect(normalized.shape).toEqual(shape);
    expect(normalized.dataSync()).toEqual(normalize(without).dataSync());
    expect(limitsOf(channel)).toEqual(limitsOf(without));
    expect(colorize(channel).arraySync()).toEqual(colorize(without).arraySync());
    expect(aggregateChannels(channel).shape).toEqual(without.shape);
  });

  test('an overlay takes one map, with an axis of one map or channel or without', () => {
    const image = tf.randomUniformInt([8, 10, 3], 0, 256, 42);
    const expected = overlay(image, first()).arraySync();
    for (const shape of [
      [4, 5, 1],
      [1, 4, 5],
      [1, 4, 5, 1],
    ])
      expect(overlay(image, tf.reshape(first(), shape)).arraySync()).toEqual(expected);
  });

  test('a batch of maps three columns wide', () => {
    const maps = tf.randomUniform([2, 3, 3, 1], 0, 1, 'float32', 43);
    expect(normalize(maps).shape).toEqual([2, 3, 3, 1]);
    expect(colorize(maps).shape).toEqual([2, 3, 3, 3]);
  });
});

test('an attribution with channels is told the way out', () => {
  const message =
    'map must be of shape [h, w] or [n, h, w] with no size 0, got a tensor of shape [4, 5, 3]; ' +
    'aggregateChannels makes a map of an attribution with channels';
  const attribution = tf.ones([4, 5, 3]);
  const image = tf.zeros([4, 5, 3]);
  expect(() => normalize(attribution)).toThrow(new RangeError(`normalize: ${message}`));
  expect(() => limitsOf(attribution)).toThrow(new RangeError(`limitsOf: ${message}`));
  expect(() => colorize(attribution)).toThrow(new RangeError(`colorize: ${message}`));
  expect(() => overlay(image, attribution)).toThrow(new RangeError(`overlay: ${message}`));
  expect(() => normalize(tf.ones([1, 4, 5, 3]))).toThrow(/aggregateChannels/);
  expect(() => normalize({ data: new Float32Array(60), shape: [4, 5, 3] })).toThrow(
    /got numbers of shape \[4, 5, 3\]; aggregateChannels/,
  );
});
