// Against pictures that matplotlib, Pillow and numpy made of the same formulas: see
// golden/generate.py.
import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import pixelmatch from 'pixelmatch';
import sharp from 'sharp';
import { colorize, encodePNG, grid, normalize, overlay } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends';

const rows = <T>(height: number, width: number, cell: (i: number, j: number) => T): T[][] =>
  Array.from({ length: height }, (_, i) => Array.from({ length: width }, (__, j) => cell(i, j)));

const attribution = (): tf.Tensor2D =>
  tf.tensor2d(
    rows(24, 32, (i, j) => 3 - ((i - 8) ** 2 + (j - 20) ** 2) / 40 + ((5 * i + 3 * j) % 7) / 10),
  );
const photo = (): tf.Tensor3D =>
  tf.tensor3d(
    rows(96, 128, (i, j) => [2 * i, i + j, 255 - 2 * j]),
    undefined,
    'int32',
  );

async function read(file: string | Uint8Array) {
  const { data, info } = await sharp(file)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/**
 * Two neighbouring colours of a table are nearer than this; rounding may take the one for the
 * other.
 */
const THRESHOLD = 0.02;

async function differing(name: string, picture: tf.Tensor, threshold = THRESHOLD): Promise<number> {
  const golden = await read(path.join(__dirname, 'golden', `${name}.png`));
  const own = await read(await encodePNG(picture as tf.Tensor3D));
  expect([own.width, own.height]).toEqual([golden.width, golden.height]);
  return pixelmatch(own.data, golden.data, null, own.width, own.height, {
    threshold,
    includeAA: true,
  });
}

describeOnEachBackend('golden pictures', () => {
  test('a normalised map in every sequential colour map, in a grid', async () => {
    const map = normalize(attribution());
    const maps = (['gray', 'viridis', 'inferno', 'magma', 'turbo'] as const).map((name) =>
      colorize(map, name),
    );
    expect(await differing('colormaps', grid(maps, { columns: 3 }))).toBe(0);
  });

  test.each(['heat', 'blend', 'mask'] as const)('an overlay on a photo: %s', async (mode) => {
    expect(await differing(mode, overlay(photo(), normalize(attribution()), { mode }))).toBe(0);
  });

  test('an overlay on a photo: contour, but for how lines are smoothed', async () => {
    const lines = overlay(photo(), normalize(attribution()), { mode: 'contour' });
    expect(await differing('contour', lines, 0.15)).toBeLessThan(10);
    expect(await differing('contour', photo(), 0.15)).toBeGreaterThan(200);
  });

  test('the comparison sees one pixel of another colour', async () => {
    const blended = overlay(photo(), normalize(attribution()), { mode: 'blend' });
    const values = blended.dataSync();
    values[3000] = (values[3000]! + 128) % 256;
    expect(await differing('blend', tf.tensor3d(values, blended.shape, 'int32'))).toBe(1);
  });
});
