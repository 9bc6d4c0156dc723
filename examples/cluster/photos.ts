/** Which photos there are, and their bytes. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { isPhoto, listPhotos } from '../batch/photos.js';
import { InputError } from '../shared/run.js';
import { isS3, listS3, readS3 } from './storage.js';

const isUrl = (location: string): boolean => /^https?:\/\//.test(location);

/** Of a photo by its URL. */
const LIMITS = { bytes: 100_000_000, milliseconds: 60_000 };

/**
 * Yields where each photo is: those of a folder, of the lines of a file, or below s3://BUCKET/PREFIX.
 *
 * @throws InputError if there is nothing at `location`
 */
export async function* photosIn(location: string, endpoint?: string): AsyncGenerator<string> {
  if (isS3(location)) {
    for await (const object of listS3(location, endpoint)) if (isPhoto(object)) yield object;
    return;
  }
  const entry = await stat(location).catch(() => undefined);
  if (entry === undefined) throw new InputError(`${location}: no such folder or list`);
  if (entry.isDirectory()) {
    for (const name of await listPhotos(location)) yield path.resolve(location, name);
    return;
  }
  for await (const line of createInterface({ input: createReadStream(location) })) {
    const photo = line.trim();
    if (photo === '') continue;
    yield isUrl(photo) || isS3(photo) ? photo : path.resolve(path.dirname(location), photo);
  }
}

/** @throws Error for a photo that is not there, too large, or takes too long */
export async function readPhoto(photo: string, endpoint?: string): Promise<Uint8Array> {
  if (isS3(photo)) return readS3(photo, endpoint);
  return isUrl(photo) ? download(photo) : readFile(photo);
}

async function download(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LIMITS.milliseconds) });
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > LIMITS.bytes) throw new Error(`${url}: more than ${LIMITS.bytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
