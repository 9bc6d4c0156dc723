// Oracles: the means of disjoint segments; a ranking by hand; images whose regions are known by
// construction.
import * as tf from '@tensorflow/tfjs-core';
import { integratedGradients, xrai } from 'tfjs-saliency';
import { felzenszwalb, pixelGraph } from '../../src/segment/felzenszwalb.js';
import { rankedRegions } from '../../src/segment/regions.js';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';
import { additive, random } from './additive.js';

describe('felzenszwalb', () => {
  // A bright square of 4 x 4 in a dark image of 8 x 8, with some unevenness.
  const inSquare = (i: number) => {
    const [y, x] = [Math.floor(i / 8), i % 8];
    return y >= 2 && y < 6 && x >= 2 && x < 6;
  };
  const colors = Array.from({ length: 64 }, (_, i) => (inSquare(i) ? 1 : 0) + 0.02 * (i % 3));
  const graph = pixelGraph(colors, { height: 8, width: 8 });

  test('finds the square', () => {
    const { labels, count } = felzenszwalb(graph, { scale: 1, smallest: 1 });
    expect(count).toBe(2);
    labels.forEach((label, i) => {
      expect(label).toBe(inSquare(i) ? 1 : 0);
    });
  });

  test('joins what is smaller than the least size, and everything at a great scale', () => {
    expect(felzenszwalb(graph, { scale: 1, smallest: 20 }).count).toBe(1);
    expect(felzenszwalb(graph, { scale: 100, smallest: 1 }).count).toBe(1);
  });
});

test('regions are taken by the mean of what is left of them', () => {
  const attributions = [5, 1, 4, 0, 3, 7];
  // {0, 1}: 3, {0, 2}: 4.5, {3, 4}: 1.5. After {0, 2}, {0, 1} has 1 left; {3, 4} comes before it.
  const regions = [
    [0, 1],
    [0, 2],
    [3, 4],
  ];
  expect([...rankedRegions(regions, attributions)]).toEqual([4.5, 1, 4.5, 1.5, 1.5, 7]);
});

describeOnEachBackend('xrai', () => {
  const image = () => random([1, 6, 6, 3], 1);
  const v = () => random([6, 6, 3], 2);
  const baselines = () => random([2, 6, 6, 3], 3);
  const labels = Array.from({ length: 36 }, (_, i) => (i % 6 < 2 ? 4 : i < 18 ? 1 : 7));

  test('in disjoint segments: the means of the greatest integrated gradient over the channels', () => {
    const segments = tf.tensor2d(labels, [6, 6], 'int32');
    const map = xrai(additive(v()), image(), 0, { segments, baselines: baselines(), steps: 2 });
    expect(map.shape).toEqual([1, 6, 6, 1]);
    const attributions = tf
      .max(integratedGradients(additive(v()), image(), 0, { baseline: baselines() }), -1)
      .dataSync();
    const meanOf = (label: number) => {
      const inside = labels.flatMap((each, i) => (each === label ? [attributions[i]!] : []));
      return inside.reduce((sum, value) => sum + value, 0) / inside.length;
    };
    expectClose(map, labels.map(meanOf), 1e-5);
  });

  test('several segmentations, classes and images; its own segments', () => {
    const segments = tf.stack([tf.tensor2d(labels, [6, 6]), tf.zeros([6, 6])]);
    const images = random([2, 6, 6, 3], 4);
    const maps = xrai(
      additive(v()),
      images,
      [
        [0, 1],
        [1, 0],
      ],
      { segments, steps: 2 },
    );
    expect(maps.shape).toEqual([2, 2, 6, 6, 1]);
    const superpixels = xrai(additive(v()), image(), 0, { segments: 4, steps: 2 });
    expect(new Set(superpixels.dataSync()).size).toBeLessThanOrEqual(4);
    const photo = tf.concat([tf.fill([1, 20, 10, 3], 10), tf.fill([1, 20, 10, 3], 200)], 2);
    const weights = tf.concat([tf.fill([20, 10, 3], 1), tf.fill([20, 10, 3], -2)], 1);
    const map = xrai(additive(weights), photo, 0, { steps: 2 });
    const values = [...map.dataSync()];
    // Both halves are one region each, but for the widening.
    expect(values[0]).not.toBeCloseTo(values[19]!, 3);
    expect(new Set(values.filter((_, i) => i % 20 < 8)).size).toBe(1);
    expect(new Set(values.filter((_, i) => i % 20 > 11)).size).toBe(1);
  });

  test('leaves nothing behind, and refuses labels of another shape', () => {
    const [weights, x] = [v(), image()];
    const model = (rows: tf.Tensor) => tf.tidy(() => additive(weights)(rows));
    expectNoLeak(() => xrai(model, x, 'argmax', { steps: 3 }));
    expectError(
      () => xrai(model, x, 0, { segments: tf.zeros([3, 3]) }),
      RangeError,
      'xrai: segments must be of shape [6, 6] or [k, 6, 6], got a tensor of shape [3, 3]',
    );
  });
});
