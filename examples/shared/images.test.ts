import { writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import { readImage } from './images.js';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);

const red = [200, 0, 0, 255];
const blue = [0, 0, 200, 255];

function rgb(pixels: number[][], width: number, channels: 3 | 4 = 3) {
  const data = Uint8Array.from(pixels.flatMap((pixel) => pixel.slice(0, channels)));
  return sharp(data, { raw: { width, height: pixels.length / width, channels } });
}

test('pixels come as RGBA, row by row', async () => {
  await rgb([red, blue, blue, red, red, red], 3).png().toFile(at('rgb.png'));
  const photo = await readImage(at('rgb.png'));
  expect(photo).toEqual({
    data: Uint8ClampedArray.from([red, blue, blue, red, red, red].flat()),
    width: 3,
    height: 2,
  });
});

test('what is transparent lies on white', async () => {
  const pixels = [
    [200, 0, 0, 0],
    [200, 0, 0, 255],
  ];
  await rgb(pixels, 2, 4).png().toFile(at('alpha.png'));
  expect([...(await readImage(at('alpha.png'))).data]).toEqual([255, 255, 255, 255, ...red]);
});

test('gray and 16-bit images become RGBA of 8 bits', async () => {
  const gray = sharp(Uint8Array.of(10, 250), { raw: { width: 2, height: 1, channels: 1 } });
  await gray.clone().toColourspace('b-w').png().toFile(at('gray.png'));
  await gray.clone().toColourspace('rgb16').png().toFile(at('16-bit.png'));
  expect((await sharp(at('gray.png')).metadata()).channels).toBe(1);
  expect((await sharp(at('16-bit.png')).metadata()).depth).toBe('ushort');
  for (const name of ['gray.png', '16-bit.png']) {
    expect([...(await readImage(at(name))).data]).toEqual([10, 10, 10, 255, 250, 250, 250, 255]);
  }
});

test('a photo whose EXIF says that the camera was turned comes upright', async () => {
  // Orientation 6: the first row of what is stored is the right side of the photo.
  await rgb([red, blue], 2).withMetadata({ orientation: 6 }).png().toFile(at('turned.png'));
  const { data, width, height } = await readImage(at('turned.png'));
  expect([width, height]).toEqual([1, 2]);
  expect([...data]).toEqual([...red, ...blue]);
});

test('a missing, wrong or cut file is named', async () => {
  writeFileSync(at('text.jpg'), 'not an image');
  const noise = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * 7919) % 251);
  const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
    .jpeg()
    .toBuffer();
  writeFileSync(at('cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
  await expect(readImage(at('missing.jpg'))).rejects.toThrow(`${at('missing.jpg')}: no such file`);
  await expect(readImage(folder)).rejects.toThrow(`${folder}: not a file`);
  await expect(readImage(at('text.jpg'))).rejects.toThrow(
    `${at('text.jpg')}: not an image that can be read (`,
  );
  await expect(readImage(at('cut.jpg'))).rejects.toThrow(
    `${at('cut.jpg')}: not an image that can be read (`,
  );
});
