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
  const letters = [...'0123456789GSadeghilmnoprst,'];
  const drawn = await Promise.all(
    letters.map(async (letter) => (await ink(letter, 24, 24)).data.toString('base64')),
  );
  expect(new Set(drawn).size).toBe(letters.length);
});

test('a character that cannot be drawn is named', () => {
  expect(() => lettering('zebra', 100, 24)).toThrow(new RangeError("lettering: no letter for 'z'"));
});
