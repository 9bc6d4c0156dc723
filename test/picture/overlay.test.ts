import * as tf from '@tensorflow/tfjs-core';
import { colorize } from '../../src/picture/colorize';
import { overlay } from '../../src/picture/overlay';
import type { OverlayOptions } from '../../src/picture/overlay';
import { describeOnEachBackend, expectNoLeak } from '../backends';
import { exactly } from './exactly';

const photo = (height: number, width: number) =>
  tf.randomUniformInt([height, width, 3], 0, 256, 11);

/** A gray image's one channel, or the positions where two pictures differ, as rows. */
const redChannel = (picture: tf.Tensor) =>
  tf.squeeze(tf.slice(picture, [0, 0, 0], [-1, -1, 1]), [2]).arraySync();

/**
 * Bilinear with pixel centres at half integers, from its definition: output row i reads (i + 0.5) h
 * / height - 0.5, clamped to the rows there are.
 */
function bilinear(map: number[][], height: number, width: number): number[][] {
  const read = (output: number, from: number, to: number) => {
    const at = Math.min(from - 1, Math.max(0, ((output + 0.5) * from) / to - 0.5));
    const low = Math.floor(at);
    return { low, high: Math.min(from - 1, low + 1), fraction: at - low };
  };
  return Array.from({ length: height }, (_, i) => {
    const y = read(i, map.length, height);
    return Array.from({ length: width }, (_, j) => {
      const x = read(j, map[0]!.length, width);
      const row = (r: number) => (1 - x.fraction) * map[r]![x.low]! + x.fraction * map[r]![x.high]!;
      return (1 - y.fraction) * row(y.low) + y.fraction * row(y.high);
    });
  });
}

describeOnEachBackend('overlay', () => {
  test.each([0, 0.3, 1])('blend: (1 - alpha) image + alpha colour, alpha %p', (alpha) => {
    const image = photo(5, 7);
    const map = tf.randomUniform<tf.Rank.R2>([5, 7], 0, 1, 'float32', 12);
    const [i, c] = [image.dataSync(), colorize(map, 'viridis').dataSync()];
    const result = overlay(image, map, { alpha, colormap: 'viridis' });
    expect(result.shape).toEqual([5, 7, 3]);
    expect(result.dtype).toBe('int32');
    result.dataSync().forEach((value, k) => {
      expect(Math.abs(value - ((1 - alpha) * i[k]! + alpha * c[k]!))).toBeLessThanOrEqual(
        0.5 + 1e-9,
      );
    });
  });

  test('the default is a blend with inferno, alpha 0.5', () => {
    const [image, map] = [
      photo(3, 3),
      tf.tensor2d([
        [0, 0.5],
        [0.7, 1],
      ]),
    ];
    const explicit = overlay(image, map, { mode: 'blend', alpha: 0.5, colormap: 'inferno' });
    expect(overlay(image, map).arraySync()).toEqual(explicit.arraySync());
  });

  test.each([
    [2, 3, 8, 9],
    [3, 2, 5, 5],
    [6, 6, 3, 4],
  ])('a map of %i x %i is resized to %i x %i bilinearly', (mapHeight, mapWidth, height, width) => {
    const map = tf.randomUniform<tf.Rank.R2>([mapHeight, mapWidth], 0, 1, 'float32', 13);
    const white = tf.fill([height, width, 3], 255);
    // On white, a mask of alpha 1 is the map itself times 255.
    const masked = redChannel(overlay(white, map, { mode: 'mask' })) as number[][];
    bilinear(map.arraySync(), height, width).forEach((row, i) => {
      row.forEach((value, j) => {
        expect(Math.abs(masked[i]![j]! - 255 * value)).toBeLessThan(0.51);
      });
    });
  });

  test('mask: the image times 1 - alpha (1 - |map|), alpha 1 unless given', () => {
    const image = tf.fill([1, 4, 3], 200);
    const map = tf.tensor2d([[-1, -0.25, 0, 0.5]]);
    const options = { mode: 'mask', colormap: 'redblue' } as const;
    expect(redChannel(overlay(image, map, options))).toEqual([[200, 50, 0, 100]]);
    expect(redChannel(overlay(image, map, { ...options, alpha: 0.5 }))).toEqual([
      [200, 125, 100, 150],
    ]);
  });

  test('contour: the border of what is at or above a level, inside it; the highest level where they meet', () => {
    const map = tf.tensor2d([
      [0, 0.0, 0.0, 0.0, 0],
      [0, 0.5, 0.5, 0.5, 0],
      [0, 0.5, 0.5, 0.5, 0],
      [0, 0.5, 0.5, 0.9, 0],
      [0, 0.0, 0.0, 0.0, 0],
    ]);
    const black = tf.zeros([5, 5, 3]);
    const gray = { mode: 'contour', colormap: 'gray' } as const;
    const [low, high] = [128, 204];
    expect(redChannel(overlay(black, map, { ...gray, levels: [0.8, 0.5] }))).toEqual([
      [0, 0, 0, 0, 0],
      [0, low, low, low, 0],
      [0, low, 0, low, 0],
      [0, low, low, high, 0],
      [0, 0, 0, 0, 0],
    ]);
    expect(redChannel(overlay(black, map, { ...gray, levels: [0.8, 0.5], alpha: 0.5 }))).toEqual([
      [0, 0, 0, 0, 0],
      [0, low / 2, low / 2, low / 2, 0],
      [0, low / 2, 0, low / 2, 0],
      [0, low / 2, low / 2, high / 2, 0],
      [0, 0, 0, 0, 0],
    ]);
    // The picture's own border is no contour.
    expect(redChannel(overlay(black, tf.ones([2, 2]), { ...gray, levels: [0.5] }))).toEqual(
      new Array(5).fill([0, 0, 0, 0, 0]),
    );
  });

  test('contour: both sides of a change of sign, each in its colour', () => {
    const result = overlay(tf.zeros([1, 4, 3]), tf.tensor2d([[-1, -1, 1, 1]]), {
      mode: 'contour',
      colormap: 'redblue',
      levels: [1],
    });
    const [blue, red] = (
      colorize(tf.tensor2d([[-1, 1]]), 'redblue').arraySync() as number[][][]
    )[0]!;
    expect(result.arraySync()).toEqual([[[0, 0, 0], blue, red, [0, 0, 0]]]);
  });

  test('contour levels are 0.25, 0.5 and 0.75 unless given', () => {
    const map = tf.randomUniform<tf.Rank.R2>([9, 9], 0, 1, 'float32', 14);
    const explicit = overlay(photo(9, 9), map, {
      mode: 'contour',
      alpha: 1,
      levels: [0.25, 0.5, 0.75],
    });
    expect(overlay(photo(9, 9), map, { mode: 'contour' }).arraySync()).toEqual(
      explicit.arraySync(),
    );
  });

  test('the image may be what people have: pixels with alpha, floats, a batch of one, gray', () => {
    const map = tf.tensor2d([[0, 1]]);
    const expected = overlay(
      tf.tensor3d([
        [
          [10, 10, 10],
          [20, 20, 20],
        ],
      ]),
      map,
    ).arraySync();
    const data = Uint8ClampedArray.of(10, 10, 10, 255, 20, 20, 20, 0);
    expect(overlay({ data, width: 2, height: 1 }, map).arraySync()).toEqual(expected);
    expect(overlay(tf.tensor4d([10, 20], [1, 1, 2, 1], 'int32'), map).arraySync()).toEqual(
      expected,
    );
    expect(overlay(tf.tensor4d([10.2, 19.9], [1, 1, 2, 1]), map).arraySync()).toEqual(expected);
  });

  test('boolean maps are masks', () => {
    const map = tf.tensor2d([[1, 0]], [1, 2], 'bool');
    expect(redChannel(overlay(tf.fill([1, 2, 3], 7), map, { mode: 'mask' }))).toEqual([[7, 0]]);
  });

  test('the caller owns the result and the library nothing, on error too', () => {
    const image = photo(4, 4);
    const map = tf.tensor2d([[0, 1]]);
    for (const mode of ['blend', 'mask', 'contour'] as const)
      expectNoLeak(() => overlay(image, map, { mode }));
    const tooBright = tf.fill([2, 2, 3], 300);
    expectNoLeak(() => {
      expect(() => overlay(tooBright, map)).toThrow(RangeError);
    });
  });
});

describe('overlay: wrong arguments', () => {
  test.each<[unknown, Error]>([
    [
      { mode: 'add' },
      new RangeError("overlay: mode must be one of 'blend', 'mask', 'contour', got 'add'"),
    ],
    [{ alpha: '0.5' }, new TypeError("overlay: alpha must be a number in [0, 1], got '0.5'")],
    [{ alpha: 2 }, new RangeError('overlay: alpha must be a number in [0, 1], got 2')],
    [{ alpha: NaN }, new RangeError('overlay: alpha must be a number in [0, 1], got NaN')],
    [
      { levels: 0.5 },
      new TypeError('overlay: levels must be an array of numbers in (0, 1], got 0.5'),
    ],
    [
      { levels: [0.5, 0] },
      new RangeError('overlay: levels must be an array of numbers in (0, 1], got [0.5, 0]'),
    ],
    [
      { opacity: 1 },
      new TypeError("overlay: unknown option 'opacity', known are mode, alpha, colormap, levels"),
    ],
  ])('options %p', (options, error) => {
    const run = () => overlay(tf.zeros([2, 2, 3]), tf.zeros([2, 2]), options as OverlayOptions);
    expect(run).toThrow(exactly(error));
  });

  test('images and maps of no use', () => {
    const [image, map] = [tf.zeros([2, 2, 3]), tf.zeros([2, 2])];
    expect(() => overlay(tf.zeros([2, 2, 2, 3]), map)).toThrow(
      exactly(
        new RangeError(
          'overlay: image must be one image, not a batch, got a tensor of shape [2, 2, 2, 3]',
        ),
      ),
    );
    expect(() => overlay(tf.fill([2, 2, 3], -123.68), map)).toThrow(
      /^overlay: image must be RGB values from 0 to 255, got -123\.68\d*$/, // as float32
    );
    expect(() => overlay(tf.fill([2, 2, 3], NaN), map)).toThrow(
      exactly(new RangeError('overlay: image must be RGB values from 0 to 255, got NaN')),
    );
    expect(() => overlay(image, tf.zeros([2, 2, 2]))).toThrow(
      exactly(
        new RangeError(
          'overlay: map must be one map, not a batch, got a tensor of shape [2, 2, 2]',
        ),
      ),
    );
    expect(() => overlay(image, tf.fill([2, 2], 3))).toThrow(
      exactly(
        new RangeError(
          "overlay: map must be in 0..1 for colormap 'inferno' (see normalize), got 3",
        ),
      ),
    );
  });
});
