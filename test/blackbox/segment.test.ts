// Oracles: images whose regions are known by construction; the definition of a segmentation (labels
// from 0 on, each a connected region).
import * as tf from '@tensorflow/tfjs-core';
import { segment } from 'tfjs-saliency';
import { toLab } from '../../src/segment/lab.js';
import { connected } from '../../src/segment/segmentation.js';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectError } from '../method/expectError.js';

/** How many connected regions of equal labels there are. */
function regionsOf(labels: number[][]): number {
  const seen = labels.map((row) => row.map(() => false));
  const visit = (y: number, x: number, label: number): void => {
    if (labels[y]?.[x] !== label || seen[y]![x]) return;
    seen[y]![x] = true;
    for (const [dy, dx] of [
      [0, 1],
      [1, 0],
      [0, -1],
      [-1, 0],
    ] as const)
      visit(y + dy, x + dx, label);
  };
  let regions = 0;
  labels.forEach((row, y) => {
    row.forEach((label, x) => {
      if (seen[y]![x]) return;
      regions++;
      visit(y, x, label);
    });
  });
  return regions;
}

describe('Lab', () => {
  // By hand: CIE 15, white point D65.
  test.each([
    [
      [255, 255, 255],
      [100, 0, 0],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    [
      [255, 0, 0],
      [53.24, 80.09, 67.2],
    ],
    [
      [0, 0, 255],
      [32.3, 79.19, -107.86],
    ],
  ])('of %p is %p', (rgb, lab) => {
    [...toLab(rgb, 3)].forEach((value, i) => {
      expect(Math.abs(value - lab[i]!)).toBeLessThan(0.02);
    });
  });

  test('of gray is the lightness of that gray in RGB', () => {
    for (const gray of [0, 5, 90, 255])
      expect(toLab([gray], 1)[0]).toBeCloseTo(toLab([gray, gray, gray], 3)[0]!, 3);
  });
});

test('pieces that are too small join a neighbour; the others are numbered as they appear', () => {
  const labels = [7, 7, 3, 7, 1, 3, 3, 3, 3];
  const { labels: joined, count } = connected(labels, { height: 3, width: 3 }, 2);
  expect([...joined]).toEqual([0, 0, 1, 0, 0, 1, 1, 1, 1]);
  expect(count).toBe(2);
});

describeOnEachBackend('segment', () => {
  test('is a segmentation of connected regions, about as many as asked for', () => {
    const waves = Array.from({ length: 40 * 60 * 3 }, (_, i) => 128 + 100 * Math.sin(i / 700));
    const noise = tf.randomNormal([40, 60, 3], 0, 5, 'float32', 1);
    const image = tf.add(tf.tensor(waves, [40, 60, 3]), noise);
    for (const count of [1, 12, 60]) {
      const map = segment(image, { count });
      expect([map.shape, map.dtype]).toEqual([[40, 60], 'int32']);
      const labels = map.arraySync();
      const used = new Set(labels.flat());
      expect(Math.max(...used)).toBe(used.size - 1);
      expect(regionsOf(labels)).toBe(used.size);
      expect(used.size).toBeGreaterThanOrEqual(count / 2);
      expect(used.size).toBeLessThanOrEqual(count * 1.5);
    }
  });

  test('borders follow those of colours: four fields, whose corners meet off the middle', () => {
    const [height, width] = [24, 30];
    const fieldOf = (y: number, x: number) => (y < 10 ? 0 : 2) + (x < 17 ? 0 : 1);
    const colors = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 255],
    ];
    const places = Array.from({ length: height * width }, (_, i) => i);
    const fields = places.map((i) => fieldOf(Math.floor(i / width), i % width));
    const image = tf.tensor3d(
      fields.flatMap((field) => colors[field]!),
      [height, width, 3],
    );
    const labels = segment(image, { count: 4 }).dataSync();
    const pairs = new Set(places.map((i) => `${fields[i]!} ${labels[i]!}`));
    expect(pairs.size).toBe(4);
  });

  test('leaves nothing behind, takes pixels, and refuses what is no image', () => {
    const image = tf.ones<tf.Rank.R3>([8, 8, 3]);
    expectNoLeak(() => segment(image, { count: 4 }));
    const pixels = { data: new Uint8ClampedArray(8 * 8 * 4), width: 8, height: 8 };
    expect(segment(pixels).shape).toEqual([8, 8]);
    expectError(
      () => segment(image, { count: 0 }),
      RangeError,
      'segment: count must be a positive integer, got 0',
    );
    expectError(
      () => segment(tf.zeros([2, 8, 8, 3])),
      RangeError,
      'segment: image must be a single one, got a tensor of shape [2, 8, 8, 3]',
    );
  });
});
