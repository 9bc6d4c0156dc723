import { memory, tensor3d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { captioned, photoPicture, resizePicture } from './tiles.js';

/** 6 x 2 pixels: red, green and blue squares from left to right. */
const colours = [
  [200, 0, 0],
  [0, 200, 0],
  [0, 0, 200],
];
const row = [0, 0, 1, 1, 2, 2].map((i) => colours[i]!);
const pixels = [...row, ...row].flat();
const photo = {
  width: 6,
  height: 2,
  data: Uint8ClampedArray.from(pixels),
};

test('a photo in its own size comes as it is, a cropped one without its ends', async () => {
  const whole = await photoPicture(photo, { width: 6, height: 2 }, 'none');
  expect(whole.shape).toEqual([2, 6, 3]);
  expect([...whole.dataSync()]).toEqual(pixels);
  const middle = await photoPicture(photo, { width: 2, height: 2 }, 'center');
  expect([...middle.dataSync()]).toEqual([
    ...colours[1]!,
    ...colours[1]!,
    ...colours[1]!,
    ...colours[1]!,
  ]);
  whole.dispose();
  middle.dispose();
});

test('a picture that shrinks is averaged, so that no fine structure is lost', async () => {
  const stripes = tensor3d(
    Int32Array.from({ length: 64 * 64 * 3 }, (_, i) => (Math.floor(i / 3) % 2) * 200),
    [64, 64, 3],
  );
  const before = memory().numTensors;
  const small = await resizePicture(stripes, { width: 16, height: 8 });
  expect(memory().numTensors).toBe(before + 1);
  expect(small.shape).toEqual([8, 16, 3]);
  // Away from the sides it is gray; sampled without averaging it were black or white.
  const middle = small.arraySync()[4]!.slice(4, 12).flat();
  for (const value of middle) expect(Math.abs(value - 100)).toBeLessThan(5);
});

test('a caption goes below the picture and does not touch it', async () => {
  const picture = tensor3d(new Int32Array(40 * 60 * 3).fill(77), [40, 60, 3], 'int32');
  const tile = await captioned(picture, { width: 60, height: 40 }, '3 samples');
  expect(tile.shape).toEqual([64, 60, 3]);
  const values = [...tile.dataSync()];
  expect(new Set(values.slice(0, 40 * 60 * 3))).toEqual(new Set([77]));
  const caption = values.slice(40 * 60 * 3);
  expect(Math.min(...caption)).toBeLessThan(50);
  expect(caption.filter((value) => value === 255).length).toBeGreaterThan(caption.length / 2);
});
