import * as tf from '@tensorflow/tfjs-core';
import { colorize } from '../../src/picture/colorize';
import { normalize } from '../../src/picture/normalize';
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
    const options = { mode: 'blend', colormap: 'viridis', limits: [0, 1] } as const;
    const result = overlay(image, map, { ...options, alpha });
    expect(result.shape).toEqual([5, 7, 3]);
    expect(result.dtype).toBe('int32');
    result.dataSync().forEach((value, k) => {
      expect(Math.abs(value - ((1 - alpha) * i[k]! + alpha * c[k]!))).toBeLessThanOrEqual(
        0.5 + 1e-9,
      );
    });
  });

  test('the default is heat with inferno, alpha 0.75', () => {
    const [image, map] = [
      photo(3, 3),
      tf.tensor2d([
        [0, 0.5],
        [0.7, 1],
      ]),
    ];
    const explicit = overlay(image, map, { mode: 'heat', alpha: 0.75, colormap: 'inferno' });
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
    const options = { mode: 'mask', limits: [0, 1] } as const;
    const masked = redChannel(overlay(white, map, options)) as number[][];
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

  test('heat: (1 - alpha |map|) image + alpha |map| colour; where the map is 0, the image', () => {
    const image = photo(5, 7);
    const values = tf.randomUniform<tf.Rank.R2>([5, 7], -1, 1, 'float32', 15);
    const map = tf.relu(values);
    const [i, m] = [image.dataSync(), map.dataSync()];
    const c = colorize(map, 'magma').dataSync();
    const options = { alpha: 0.6, colormap: 'magma', limits: [0, 1] } as const;
    overlay(image, map, options)
      .dataSync()
      .forEach((value, k) => {
        const weight = 0.6 * m[Math.floor(k / 3)]!;
        const expected = (1 - weight) * i[k]! + weight * c[k]!;
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(0.5 + 1e-4);
        if (weight === 0) expect(value).toBe(i[k]);
      });
  });

  test('heat of both signs: the ends of redblue by the magnitude', () => {
    const ends = colorize(tf.tensor2d([[-1, 1]]), 'redblue').arraySync() as number[][][];
    const [blue, red] = ends[0]!;
    const black = tf.zeros([1, 3, 3]);
    const result = overlay(black, tf.tensor2d([[-4, 0, 2]]), { alpha: 1, limits: [-4, 4] });
    expect(result.arraySync()).toEqual([
      [blue, [0, 0, 0], red!.map((byte) => Math.round(byte / 2))],
    ]);
  });

  /** On a gray map of a known shape, what a contour of alpha 1 covers of a black image. */
  const expectLine = (
    map: tf.Tensor2D,
    level: number,
    distance: (i: number, j: number) => number,
  ) => {
    const [height, width] = map.shape;
    const options = { mode: 'contour', colormap: 'gray', limits: [0, 1], levels: [level] } as const;
    const drawn = redChannel(overlay(tf.zeros([height, width, 3]), map, options)) as number[][];
    const colour = Math.floor(level * 256);
    drawn.forEach((row, i) => {
      row.forEach((value, j) => {
        const coverage = Math.min(1, Math.max(0, 1.5 / 2 + 0.5 - distance(i, j)));
        // Beyond the border the map repeats, and the line bends.
        const isAtBorder = i < 2 || j < 2 || i > height - 3 || j > width - 3;
        if (!isAtBorder) expect(Math.abs(value - coverage * colour)).toBeLessThan(0.03 * 255);
      });
    });
  };
  const mapOf = (height: number, width: number, value: (i: number, j: number) => number) =>
    tf.tensor2d(
      Array.from({ length: height }, (_, i) =>
        Array.from({ length: width }, (_, j) => value(i, j)),
      ),
    );

  test('contour of a ramp: a straight line 1.5 pixels wide, smooth by the distance to it', () => {
    const ramp = mapOf(20, 30, (i, j) => (i + 2 * j) / 77);
    // The line i + 2 j = 30.8.
    expectLine(ramp, 0.4, (i, j) => Math.abs(i + 2 * j - 30.8) / Math.sqrt(5));
  });

  test('contour of a cone: a circle', () => {
    const cone = mapOf(41, 41, (i, j) => Math.max(0, 1 - Math.hypot(i - 20, j - 20) / 25));
    expectLine(cone, 0.5, (i, j) => Math.abs(Math.hypot(i - 20, j - 20) - 12.5));
  });

  test('contour of a step: a line between the two sides', () => {
    const step = mapOf(6, 9, (_, j) => (j < 4 ? 0 : 1));
    expectLine(step, 0.5, (_, j) => Math.abs(j - 3.5));
  });

  test('contour: the border of the picture is no contour', () => {
    for (const value of [1, 0]) {
      const flat = mapOf(5, 5, () => value);
      expectLine(flat, 0.5, () => Infinity);
    }
  });

  test('contour: two hills at a saddle of 0.5 are joined below it and apart above', () => {
    const map = tf.tensor2d([
      [0, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 0],
    ]);
    const besideBoth = (level: number) => {
      const options = { mode: 'contour', colormap: 'gray', levels: [level] } as const;
      const drawn = redChannel(overlay(tf.zeros([4, 4, 3]), map, options)) as number[][];
      return drawn[1]![2]! / Math.floor(256 * level);
    };
    // Joined, a line from 0.4 left of that pixel to 0.4 below it; apart, lines that end 0.6 from
    // it.
    expect(besideBoth(0.4)).toBeCloseTo(1.25 - 0.4 / Math.SQRT2, 2);
    expect(besideBoth(0.6)).toBeCloseTo(1.25 - 0.6, 2);
  });

  test('contour: both sides of a change of sign, each in its colour', () => {
    const result = overlay(tf.zeros([1, 4, 3]), tf.tensor2d([[-1, -1, 1, 1]]), {
      mode: 'contour',
      levels: [1],
    }).arraySync();
    const ends = colorize(tf.tensor2d([[-1, 1]]), 'redblue').arraySync() as number[][][];
    expect(result[0]!.slice(1, 3)).toEqual(ends[0]);
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

  test('a raw map is normalised as normalize does it, and a normalised one stays', () => {
    const image = photo(9, 11);
    for (const scale of [1e-9, 1, 1e6]) {
      const map = tf.mul(tf.randomUniform([9, 11], 0.1, 2, 'float32', 16), scale);
      const expected = overlay(image, normalize(map), { limits: [0, 1] }).arraySync();
      expect(overlay(image, map).arraySync()).toEqual(expected);
      for (const percentile of [50, 99, 100]) {
        const once = normalize(map, { percentile });
        const asItIs = overlay(image, once, { limits: [0, 1] }).arraySync();
        expect(overlay(image, once).arraySync()).toEqual(asItIs);
      }
    }
    const signed = tf.randomNormal([9, 11], 0, 3, 'float32', 17);
    const once = normalize(signed, { mode: 'diverging' });
    const explicit = { colormap: 'redblue', limits: [-1, 1] } as const;
    const expected = overlay(image, once, explicit).arraySync();
    expect(overlay(image, once).arraySync()).toEqual(expected);
    expect(overlay(image, signed).arraySync()).toEqual(expected);
  });

  test('limits are those of normalize', () => {
    const [image, map] = [photo(4, 5), tf.randomNormal([4, 5], 1, 1, 'float32', 18)];
    const mapped = normalize(map, { shared: [0, 2] });
    expect(overlay(image, map, { limits: [0, 2] }).arraySync()).toEqual(
      overlay(image, mapped, { limits: [0, 1] }).arraySync(),
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
    for (const mode of ['heat', 'blend', 'mask', 'contour'] as const)
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
      new RangeError("overlay: mode must be one of 'heat', 'blend', 'mask', 'contour', got 'add'"),
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
      { limits: [1, 0] },
      new RangeError(
        'overlay: limits must be finite limits [min, max] with min <= max, got [1, 0]',
      ),
    ],
    [
      { limits: [0, 1], colormap: 'redblue' },
      new RangeError(
        "overlay: limits must be limits [-max, max] for colormap 'redblue', got [0, 1]",
      ),
    ],
    [
      { opacity: 1 },
      new TypeError(
        "overlay: unknown option 'opacity', known are mode, alpha, colormap, limits, levels",
      ),
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
  });
});
