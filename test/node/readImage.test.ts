/**
 * Oracle: pixels written losslessly come back; EXIF's orientations and white below alpha by hand.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { createPreprocessing } from 'tfjs-saliency';
import { FileError, readImage } from '../../src/node/index.js';
import { temporaryFolder } from './temporaryFolder.js';

const { folder, at, write } = temporaryFolder();

const red = [200, 0, 0];
const blue = [0, 0, 200];

function image(pixels: number[][], width: number) {
  const channels = pixels[0]!.length as 1 | 3 | 4;
  const raw = { width, height: pixels.length / width, channels };
  return sharp(Uint8Array.from(pixels.flat()), { raw });
}

test('pixels come as RGB, row by row', async () => {
  await image([red, blue, blue, red, red, red], 3).png().toFile(at('rgb.png'));
  expect(await readImage(at('rgb.png'))).toEqual({
    data: Uint8ClampedArray.from([red, blue, blue, red, red, red].flat()),
    width: 3,
    height: 2,
  });
});

test('what is transparent lies on white', async () => {
  const pixels = [
    [200, 0, 0, 0],
    [200, 0, 0, 255],
    [0, 0, 0, 51],
  ];
  await image(pixels, 3).png().toFile(at('alpha.png'));
  // 51 / 255 of black on white leaves 255 * 0.8 = 204.
  expect([...(await readImage(at('alpha.png'))).data]).toEqual([
    ...[255, 255, 255],
    ...red,
    ...[204, 204, 204],
  ]);
});

test('gray and 16-bit images become RGB of 8 bits', async () => {
  const gray = image([[10], [250]], 2);
  await gray.clone().toColourspace('b-w').png().toFile(at('gray.png'));
  await gray.clone().toColourspace('rgb16').png().toFile(at('16-bit.png'));
  expect((await sharp(at('gray.png')).metadata()).channels).toBe(1);
  expect((await sharp(at('16-bit.png')).metadata()).depth).toBe('ushort');
  for (const name of ['gray.png', '16-bit.png']) {
    expect([...(await readImage(at(name))).data]).toEqual([10, 10, 10, 250, 250, 250]);
  }
});

test('a photo whose EXIF says that the camera was turned comes upright', async () => {
  // Orientation 6: the first row of what is stored is the right side of the photo.
  await image([red, blue], 2).withMetadata({ orientation: 6 }).png().toFile(at('turned.png'));
  const { data, width, height } = await readImage(at('turned.png'));
  expect([width, height]).toEqual([1, 2]);
  expect([...data]).toEqual([...red, ...blue]);
});

test('presets take what it returns', async () => {
  await tf.setBackend('cpu');
  await image([red, blue], 2).png().toFile(at('two.png'));
  const input = createPreprocessing({ inputSize: [1, 2] }).preprocess(
    await readImage(at('two.png')),
  );
  expect([...input.dataSync()]).toEqual([...red, ...blue]);
  input.dispose();
});

test('a photo comes by its URL as it does by its path, within the limits', async () => {
  await image([red, blue], 2).png().toFile(at('served.png'));
  const server = createServer((_, response) => response.end(readFileSync(at('served.png'))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/served.png`;
  try {
    expect(await readImage(url)).toEqual(await readImage(at('served.png')));
    await expect(readImage(url, { maxBytes: 10 })).rejects.toThrow(
      new FileError(url, 'more than 10 bytes; a greater maxBytes would allow it'),
    );
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('an image that claims more pixels than are allowed is not decoded', async () => {
  await image([red, blue, blue, red], 2).png().toFile(at('four.png'));
  await expect(readImage(at('four.png'), { maxPixels: 3 })).rejects.toThrow(
    new FileError(
      at('four.png'),
      'an image of 2 x 2, more than 3 pixels; a greater maxPixels would allow it',
    ),
  );
  expect((await readImage(at('four.png'), { maxPixels: 4 })).width).toBe(2);
});

test('a file that another has replaced comes as it is now', async () => {
  for (const width of [2, 1, 2, 3]) {
    const pixels = Array.from({ length: 2 * width }, () => red);
    write('replaced.webp', await image(pixels, width).webp().toBuffer());
    expect((await readImage(at('replaced.webp'))).width).toBe(width);
  }
});

test('a missing, wrong or cut file is named', async () => {
  write('text.jpg', 'not an image');
  const noise = Array.from({ length: 64 * 64 }, (_, i) => [1, 3, 7].map((k) => (i * k) % 251));
  const jpeg = await image(noise, 64).jpeg().toBuffer();
  write('cut.jpg', jpeg.subarray(0, jpeg.length / 2));
  await expect(readImage(at('missing.jpg'))).rejects.toThrow(`${at('missing.jpg')}: no such file`);
  await expect(readImage(folder)).rejects.toThrow(`${folder}: not a file`);
  for (const name of ['text.jpg', 'cut.jpg']) {
    const error = (await readImage(at(name)).catch((thrown: unknown) => thrown)) as Error;
    expect(error.name).toBe('FileError');
    expect(error.message).toContain(`${at(name)}: not an image that can be read (`);
    expect(error.message).not.toContain('\n');
  }
  await expect(readImage({} as never)).rejects.toThrow(
    new TypeError('readImage: location must be a path or a URL, got {}'),
  );
});
