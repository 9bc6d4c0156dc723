/** Files of this machine. */
import { open, stat } from 'node:fs/promises';
import { wrongType } from '../checks.js';
import { FileError } from './fileError.js';

/** @throws TypeError for a path that is none. */
export function checkPath(
  argument: string,
  path: unknown,
  expected = 'a path',
): asserts path is string {
  if (typeof path !== 'string' || path === '') throw wrongType(argument, expected, path);
}

/** Tells what lies at a path. */
export async function entryAt(path: string): Promise<'file' | 'folder' | 'nothing' | 'other'> {
  const entry = await stat(path).catch(() => undefined);
  if (entry === undefined) return 'nothing';
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'folder' : 'other';
}

/** @throws FileError if there is no file of that name. */
export async function checkFile(path: string): Promise<void> {
  const entry = await entryAt(path);
  if (entry === 'nothing') throw new FileError(path, 'no such file');
  if (entry !== 'file') throw new FileError(path, 'not a file');
}

/** Reads the first bytes of a file, by which formats are told apart. */
export async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const head = new Uint8Array(16);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
