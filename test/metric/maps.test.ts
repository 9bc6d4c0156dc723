// Oracles: scipy's correlations (with ties) and entropy, skimage's formula of the structural
// similarity, and closed forms: Gini 1 - 1/n and 0, entropy ln n.
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { complexity, pointingGame, relevanceMass, similarity, sparseness } from 'tfjs-saliency';
import type { MetricMap, Region } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectError } from '../method/expectError.js';

interface Pair {
  shape: [number, number];
  a: number[];
  b: number[];
  pearson: number;
  spearman: number;
  ssim: number;
  entropy: number;
}

const golden = readFileSync(path.join(__dirname, 'golden/similarity.json'), 'utf8');
const PAIRS = JSON.parse(golden) as Pair[];

const oneHot = (n: number) => tf.oneHot(tf.scalar(1, 'int32'), n);

describeOnEachBackend('metrics of maps', () => {
  test.each(['pearson', 'spearman', 'ssim'] as const)('similarity, %s: as in Python', (kind) => {
    for (const { shape, a, b, ...expected } of PAIRS) {
      const found = similarity(tf.tensor(a, shape), tf.tensor(b, shape), kind);
      expect(found).toBeCloseTo(expected[kind], 5);
      expect(similarity({ data: a, shape }, { data: b, shape }, kind)).toBeCloseTo(found, 5);
    }
  });

  test('similarity: a map is itself, the opposite of its negative, and like no flat one', () => {
    const map = tf.randomNormal([9, 9], 0, 1, 'float32', 1);
    for (const kind of ['pearson', 'spearman', 'ssim'] as const) {
      expect(similarity(map, map, kind)).toBeCloseTo(1, 10);
      expect(similarity(tf.ones([9, 9]), tf.ones([9, 9]), kind)).toBe(1);
    }
    for (const kind of ['pearson', 'spearman'] as const) {
      expect(similarity(map, tf.neg(map), kind)).toBeCloseTo(-1, 10);
      expect(similarity(map, tf.ones([9, 9]), kind)).toBe(0);
    }
  });

  test('complexity: as scipy, ln n for a flat map, 0 for one pixel and for none', () => {
    for (const { a, shape, entropy } of PAIRS) {
      expect(complexity(tf.tensor(a, shape))).toBeCloseTo(entropy, 5);
    }
    expect(complexity(tf.fill([4, 5], -3))).toBeCloseTo(Math.log(20), 12);
    expect(complexity(oneHot(7))).toBeCloseTo(0, 12);
    expect(complexity(tf.zeros([7]))).toBe(0);
  });

  test('sparseness: 1 - 1/n for one pixel, 0 for a flat map and for none', () => {
    expect(sparseness(oneHot(8))).toBeCloseTo(1 - 1 / 8, 12);
    expect(sparseness(tf.neg(oneHot(8)))).toBeCloseTo(1 - 1 / 8, 12);
    expect(sparseness(tf.fill([4, 5], 0.3))).toBeCloseTo(0, 12);
    expect(sparseness(tf.zeros([4, 5]))).toBe(0);
  });

  test('sparseness: the mean difference of two pixels over twice the mean', () => {
    const values = [0.5, 3, 1, 0, 2, 2];
    const differences = values.flatMap((a) => values.map((b) => Math.abs(a - b)));
    const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
    const expected = mean(differences) / (2 * mean(values));
    expect(sparseness(tf.tensor1d(values))).toBeCloseTo(expected, 6);
  });

  const spot = () => tf.tensor2d([0, 0, 0, 0, 0, 9, 1, 0, 0, -4, 2, 0], [3, 4]);

  test('pointingGame: whether the greatest pixel is in the box, or within the tolerance', () => {
    expect(pointingGame(spot(), { x: 1, y: 1, width: 1, height: 1 })).toBe(true);
    expect(pointingGame(spot(), { x: 2, y: 0, width: 2, height: 3 })).toBe(false);
    expect(pointingGame(spot(), { x: 2, y: 0, width: 2, height: 3 }, { tolerance: 1 })).toBe(true);
    const corner = { x: 3, y: 2, width: 1, height: 1 };
    expect(pointingGame(spot(), corner, { tolerance: 2.2 })).toBe(false);
    expect(pointingGame(spot(), corner, { tolerance: 2.3 })).toBe(true);
  });

  test('pointingGame: one of several greatest pixels is enough', () => {
    expect(pointingGame(tf.ones([3, 4, 1]), { x: 3, y: 2, width: 1, height: 1 })).toBe(true);
  });

  test('relevanceMass: the part of the positive values inside, of a box or a mask', () => {
    const box = { x: 1, y: 0, width: 1, height: 3 };
    expect(relevanceMass(spot(), box)).toBeCloseTo(9 / 12, 12);
    const mask = tf.tensor2d([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0], [3, 4], 'bool');
    expect(relevanceMass(spot(), mask)).toBeCloseTo(10 / 12, 12);
    expect(relevanceMass(tf.neg(tf.ones([3, 4])), box)).toBe(0);
  });

  test('the asynchronous functions give the same, and nothing leaves a tensor', async () => {
    const [map, box] = [spot(), { x: 1, y: 1, width: 2, height: 2 }];
    const before = tf.memory().numTensors;
    expect(await sparseness.async(map)).toBe(sparseness(map));
    expect(await complexity.async(map)).toBe(complexity(map));
    expect(await pointingGame.async(map, box)).toBe(pointingGame(map, box));
    expect(await relevanceMass.async(map, map)).toBe(relevanceMass(map, map));
    expect(await similarity.async(map, map, 'ssim')).toBe(similarity(map, map, 'ssim'));
    expect(tf.memory().numTensors).toBe(before);
    expectNoLeak(() => {
      relevanceMass(map, map);
      return undefined;
    });
  });

  test('wrong arguments are refused with what was expected', () => {
    const map = spot();
    expectError(() => sparseness(3 as never), TypeError, 'sparseness: map must be a tensor, got 3');
    expectError(
      () => complexity(tf.tensor1d([1, NaN])),
      RangeError,
      'complexity: map must be finite everywhere, got NaN',
    );
    expectError(
      () => relevanceMass(map, tf.ones([4, 3])),
      RangeError,
      "relevanceMass: region must be of the map's size, [3, 4], got numbers of shape [4, 3]",
    );
    expectError(
      () => pointingGame(map, { x: 9, y: 9, width: 2, height: 2 }),
      RangeError,
      'pointingGame: region must be one with a pixel of the map, [3, 4], inside, ' +
        'got { x, y, width, height }',
    );
    expectError(
      () => pointingGame(map, 'all' as unknown as Region),
      TypeError,
      "pointingGame: region must be a box { x, y, width, height } or a mask, got 'all'",
    );
    expectError(
      () => pointingGame(map, { x: 0, y: 0, width: 2, height: 2 }, { tolerence: 1 } as object),
      TypeError,
      "pointingGame: unknown option 'tolerence', did you mean 'tolerance'?",
    );
    expectError(
      () => pointingGame(tf.ones([3, 4, 3]), { x: 0, y: 0, width: 2, height: 2 }),
      RangeError,
      'pointingGame: map must be of shape [h, w] or [h, w, 1], got numbers of shape [3, 4, 3]; ' +
        'aggregateChannels makes a map of an attribution with channels',
    );
    expectError(
      () => similarity(map, tf.ones([4, 3])),
      RangeError,
      "similarity: b must be of a's shape, [3, 4], got numbers of shape [4, 3]",
    );
    expectError(
      () => similarity(map, map as MetricMap, 'cosine' as 'ssim'),
      RangeError,
      "similarity: kind must be one of 'spearman', 'pearson', 'ssim', got 'cosine'",
    );
  });
});
