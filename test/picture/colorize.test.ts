import * as tf from '@tensorflow/tfjs-core';
import { colorize } from '../../src/picture/colorize';
import { coloursOf, colormaps } from '../../src/picture/colormaps/index';
import type { Colormap } from '../../src/picture/colormaps/index';
import { describeOnEachBackend, expectNoLeak } from '../backends';
import { exactly } from './exactly';

/**
 * Lightness CIE L* (0..100) of an sRGB colour, from IEC 61966-2-1's luminance and CIE 1976's cube
 * root.
 */
function lightness([r, g, b]: readonly number[]): number {
  const linear = (byte: number) =>
    byte <= 0.04045 * 255 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4;
  const y = 0.2126 * linear(r!) + 0.7152 * linear(g!) + 0.0722 * linear(b!);
  return y > (6 / 29) ** 3 ? 116 * Math.cbrt(y) - 16 : (29 / 3) ** 3 * y;
}

function coloursIn(colormap: Colormap): number[][] {
  const bytes = Array.from(coloursOf(colormap));
  return Array.from({ length: bytes.length / 3 }, (_, i) => bytes.slice(3 * i, 3 * i + 3));
}

const coloured = (values: number[], colormap?: Colormap) =>
  (colorize(tf.tensor2d(values, [1, values.length]), colormap).arraySync() as number[][][])[0];

describe('colour tables', () => {
  // matplotlib 3.6 _cm_listed.py, times 255 and rounded; gray by definition.
  test.each<[Colormap, number[][]]>([
    [
      'gray',
      [
        [0, 0, 0],
        [64, 64, 64],
        [128, 128, 128],
        [192, 192, 192],
        [255, 255, 255],
      ],
    ],
    [
      'viridis',
      [
        [68, 1, 84],
        [59, 82, 139],
        [33, 145, 140],
        [94, 201, 98],
        [253, 231, 37],
      ],
    ],
    [
      'inferno',
      [
        [0, 0, 4],
        [87, 16, 110],
        [188, 55, 84],
        [249, 142, 9],
        [252, 255, 164],
      ],
    ],
    [
      'magma',
      [
        [0, 0, 4],
        [81, 18, 124],
        [183, 55, 121],
        [252, 137, 97],
        [252, 253, 191],
      ],
    ],
    [
      'turbo',
      [
        [48, 18, 59],
        [40, 188, 235],
        [164, 252, 60],
        [251, 126, 33],
        [122, 4, 3],
      ],
    ],
  ])('%s has the published colours 0, 64, 128, 192 and 255', (colormap, published) => {
    const colours = coloursIn(colormap);
    expect(colours).toHaveLength(256);
    expect([0, 64, 128, 192, 255].map((i) => colours[i])).toEqual(published);
  });

  test.each(['gray', 'viridis', 'inferno', 'magma'] as const)(
    '%s grows lighter from each colour to the next',
    (name) => {
      const colours = coloursIn(name).map(lightness);
      // Rounding to bytes moves L* by up to half a step of green, 0.2.
      colours.slice(1).forEach((l, i) => {
        expect(l).toBeGreaterThan(colours[i]! - 0.2);
      });
      colours.slice(4).forEach((l, i) => {
        expect(l).toBeGreaterThan(colours[i]!);
      });
    },
  );

  test('redblue: white in the middle, L* = 100 - 60 |value| on both sides, blue below and red above', () => {
    const colours = coloursIn('redblue');
    expect(colours).toHaveLength(255);
    expect(colours[127]).toEqual([255, 255, 255]);
    colours.forEach((colour, i) => {
      expect(Math.abs(lightness(colour) - (100 - (60 * Math.abs(i - 127)) / 127))).toBeLessThan(
        0.5,
      );
      const [red, , blue] = colour;
      if (i !== 127) expect(Math.sign(red! - blue!)).toBe(Math.sign(i - 127));
    });
  });

  test('every colour map is known by one name, once', () => {
    expect(new Set(colormaps.map((name) => coloursIn(name).join())).size).toBe(colormaps.length);
  });
});

describeOnEachBackend('colorize', () => {
  test.each(['gray', 'viridis', 'inferno', 'magma', 'turbo'] as const)(
    '%s: colour i shows [i / 256, (i + 1) / 256), and the last one 1 too',
    (colormap) => {
      const indices = Array.from({ length: 256 }, (_, i) => i);
      expect(
        coloured(
          indices.map((i) => i / 256),
          colormap,
        ),
      ).toEqual(coloursIn(colormap));
      expect(
        coloured(
          indices.map((i) => (i + 0.99) / 256),
          colormap,
        ),
      ).toEqual(coloursIn(colormap));
      expect(coloured([1], colormap)).toEqual(coloursIn(colormap).slice(-1));
    },
  );

  test('redblue shows -1..1 in 255 equal parts, zero in the middle of the white one', () => {
    const middles = Array.from({ length: 255 }, (_, i) => (2 * i + 1) / 255 - 1);
    expect(coloured(middles, 'redblue')).toEqual(coloursIn('redblue'));
    expect(coloured([-1, 0, 1], 'redblue')).toEqual(
      [0, 127, 254].map((i) => coloursIn('redblue')[i]),
    );
    expect(coloured([-0.0039, 0.0039], 'redblue')).toEqual([
      [255, 255, 255],
      [255, 255, 255],
    ]);
  });

  test('gray is the default, pictures are int32, and a batch is a batch', () => {
    expect(coloured([0, 0.5, 1])).toEqual([
      [0, 0, 0],
      [128, 128, 128],
      [255, 255, 255],
    ]);
    const pictures = colorize(tf.tensor3d([[[0, 1]], [[1, 0]]]), 'viridis');
    expect(pictures.dtype).toBe('int32');
    const [low, high] = [
      [68, 1, 84],
      [253, 231, 37],
    ];
    expect(pictures.arraySync()).toEqual([[[low, high]], [[high, low]]]);
  });

  test('rounding errors beyond the range are forgiven', () => {
    expect(coloured([-1e-6, 1 + 1e-6])).toEqual([
      [0, 0, 0],
      [255, 255, 255],
    ]);
  });

  test('the caller owns the result and the library nothing', () => {
    const map = tf.tensor2d([[0, 0.5]]);
    expectNoLeak(() => colorize(map, 'inferno'));
    expectNoLeak(() => {
      expect(() =>
        colorize(
          tf.tidy(() => tf.keep(map)),
          'jet' as Colormap,
        ),
      ).toThrow(RangeError);
    });
  });
});

describe('colorize: wrong arguments', () => {
  test.each<[number, Colormap, string]>([
    [-0.5, 'gray', "in 0..1 for colormap 'gray' (see normalize), got -0.5"],
    [255, 'viridis', "in 0..1 for colormap 'viridis' (see normalize), got 255"],
    [-1.5, 'redblue', "in -1..1 for colormap 'redblue' (see normalize), got -1.5"],
    [NaN, 'gray', 'finite everywhere, got NaN'],
  ])('a map with %p for %s', (value, colormap, message) => {
    const map = tf.tensor2d([[0.5, value]]);
    expect(() => colorize(map, colormap)).toThrow(
      exactly(new RangeError(`colorize: map must be ${message}`)),
    );
  });

  test('unknown colour maps and what is no map', () => {
    const expected = "one of 'gray', 'viridis', 'inferno', 'magma', 'turbo', 'redblue'";
    expect(() => colorize(tf.zeros([1, 1]), 'jet' as Colormap)).toThrow(
      exactly(new RangeError(`colorize: colormap must be ${expected}, got 'jet'`)),
    );
    expect(() => colorize(tf.zeros([1, 1]), 3 as unknown as Colormap)).toThrow(
      exactly(new TypeError(`colorize: colormap must be ${expected}, got 3`)),
    );
    expect(() => colorize(tf.zeros([4]))).toThrow(
      exactly(
        new RangeError(
          'colorize: map must be of shape [h, w] or [n, h, w] with no size 0, got a tensor of shape [4]',
        ),
      ),
    );
  });
});
