import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import { isInShard, listPhotos } from './photos.js';

const folder = temporaryFolder();

test('photos are told by their names, and come in order', async () => {
  for (const name of ['b.JPG', 'a.png', 'notes.txt', 'c.webp', '.hidden'])
    writeFileSync(path.join(folder, name), '');
  mkdirSync(path.join(folder, 'd.png'));
  expect(await listPhotos(folder)).toEqual(['a.png', 'b.JPG', 'c.webp']);
});

test('a folder that is none, or has no photo, is refused', async () => {
  const at = (name: string) => path.join(folder, name);
  await expect(listPhotos(at('none'))).rejects.toThrow(`${at('none')}: no such folder`);
  await expect(listPhotos(at('a.png'))).rejects.toThrow(`${at('a.png')}: not a folder`);
  await expect(listPhotos(at('d.png'))).rejects.toThrow(
    `${at('d.png')}: no photos (JPEG, PNG, WebP, AVIF, GIF, TIFF) here`,
  );
});

test.each([1, 2, 3, 7])(
  '%i shards are disjoint and complete, and of about the same size',
  (count) => {
    const photos = Array.from({ length: 700 }, (_, i) => `IMG_${i}.jpg`);
    const sizes = Array.from({ length: count }, () => 0);
    for (const photo of photos) {
      const shards = sizes.flatMap((_, i) =>
        isInShard(photo, { index: i + 1, count }) ? [i] : [],
      );
      expect(shards).toHaveLength(1);
      sizes[shards[0]!]!++;
    }
    // Four deviations of the binomial distribution.
    const share = 700 / count;
    for (const size of sizes)
      expect(Math.abs(size - share)).toBeLessThanOrEqual(4 * Math.sqrt(share * (1 - 1 / count)));
  },
);
