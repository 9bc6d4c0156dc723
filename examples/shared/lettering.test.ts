import sharp from 'sharp';
import { lettering } from './lettering.js';

/** Rows and columns that hold ink. */
async function ink(text: string, width: number, height: number) {
  const image = sharp(Buffer.from(lettering(text, width, height))).flatten({ background: 'white' });
  const data = await image.greyscale().raw().toBuffer();
  const places = [...data.keys()].filter((i) => data[i]! < 200);
  const rows = places.map((i) => Math.floor(i / width));
  const columns = places.map((i) => i % width);
  return {
    data,
    top: Math.min(...rows),
    bottom: Math.max(...rows),
    left: Math.min(...columns),
    right: Math.max(...columns),
  };
}

test('text is in the middle of its strip and does not leave it', async () => {
  const { top, bottom, left, right } = await ink('SmoothGrad, 50 samples', 256, 24);
  expect(Math.abs(left - (255 - right))).toBeLessThanOrEqual(2);
  expect(left).toBeGreaterThan(10);
  expect(top).toBeGreaterThan(0);
  expect(bottom).toBeLessThan(23);
});

test('no two letters look alike', async () => {
  const letters = [..."0123456789GSabcdefghijklmnopqrstuvwxyz,.:-_'/()%"];
  const drawn = await Promise.all(
    letters.map(async (letter) => (await ink(letter, 24, 24)).data.toString('base64')),
  );
  expect(new Set(drawn).size).toBe(letters.length);
});

test('capitals and accents fall back to small letters, all else to a box', () => {
  const draw = (text: string) => lettering(text, 100, 24);
  expect(draw('Zebra')).toBe(draw('zebra'));
  expect(draw('caf\u00e9')).toBe(draw('cafe'));
  expect(draw('\u732b')).toBe(draw('\u72ac'));
  expect(draw('\u732b')).not.toBe(draw('o'));
});

test('a line that is too long is made smaller', async () => {
  const { left, right } = await ink('great grey owl, great gray owl, Strix nebulosa', 120, 24);
  expect(left).toBeGreaterThan(0);
  expect(right).toBeLessThan(119);
});
