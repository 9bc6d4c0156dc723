import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { InputError } from '../shared/run.js';

/** Shard `index` (from 1) of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export const isPhoto = (name: string): boolean => /\.(jpe?g|png|webp|avif|gif|tiff?)$/i.test(name);

/**
 * The names of a folder's photos, in order.
 *
 * @throws InputError if there is no such folder, or no photo in it.
 */
export async function listPhotos(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new InputError(
        `${folder}: ${error.code === 'ENOTDIR' ? 'not a folder' : 'no such folder'}`,
      );
    },
  );
  const photos = entries
    .filter((entry) => !entry.isDirectory() && isPhoto(entry.name))
    .map(({ name }) => name);
  if (photos.length === 0)
    throw new InputError(`${folder}: no photos (JPEG, PNG, WebP, AVIF, GIF, TIFF) here`);
  return photos.sort();
}

/** By the name alone, so that a photo stays in its shard when others come or go. */
export function isInShard(photo: string, { index, count }: Shard): boolean {
  return createHash('sha256').update(photo).digest().readUInt32BE() % count === index - 1;
}
