import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from './run.js';

/** @throws InputError if there is no file of that name. */
export async function checkFile(file: string): Promise<void> {
  const entry = await stat(file).catch(() => undefined);
  if (entry === undefined) throw new InputError(`${file}: no such file`);
  if (!entry.isFile()) throw new InputError(`${file}: not a file`);
}

/**
 * Asked before pictures are computed, which takes minutes.
 *
 * @throws InputError if what has that name is no folder.
 */
export async function checkOutFolder(folder: string): Promise<void> {
  const entry = await stat(folder).catch(() => undefined);
  if (entry !== undefined && !entry.isDirectory()) throw new InputError(`${folder}: not a folder`);
}

/**
 * Writes all the files into a folder, which is made if need be, or none: they get their names only
 * when every byte is on the disk.
 *
 * @returns the paths of the files, in the order given.
 */
export async function writeFiles(
  folder: string,
  contents: Record<string, Uint8Array | string>,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files = Object.entries(contents).map(([name, content]) => ({
    content,
    finished: path.join(folder, name),
    unfinished: path.join(folder, `.${name}.${process.pid}.unfinished`),
  }));
  try {
    for (const { unfinished, content } of files) await writeFile(unfinished, content);
    for (const { unfinished, finished } of files) await rename(unfinished, finished);
  } catch (error) {
    await Promise.all(files.map(({ unfinished }) => rm(unfinished, { force: true })));
    throw error;
  }
  return files.map(({ finished }) => finished);
}
