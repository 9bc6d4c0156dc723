/** A model's files on this machine: a JSON file and the weights that it names. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { LABEL_FILES } from './labelFiles.js';
import { FileError } from './fileError.js';
import { checkFile, entryAt, readHead } from './localFile.js';
import { otherFormat } from './otherFormats.js';

/** Where a model's files are read from. */
export interface ModelFiles {
  /** The path or URL of the JSON file. */
  readonly json: string;
  /**
   * Finds a file that the JSON names relative to itself.
   * @throws FileError if there is none, or not where the JSON may send us.
   */
  locate(name: string): Promise<string>;
  /** @throws FileError if it cannot be read. */
  read(location: string): Promise<ArrayBuffer>;
}

/**
 * Opens a model's files.
 *
 * @param location - a folder, or a JSON file
 * @throws FileError if no model of TensorFlow.js is there, or several are.
 */
export async function localFiles(location: string): Promise<ModelFiles> {
  const json = await findJson(location);
  return { json, locate: (name) => locate(json, name), read };
}

async function read(file: string): Promise<ArrayBuffer> {
  await checkFile(file);
  const { buffer, byteOffset, byteLength } = await readFile(file);
  return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
}

/** Models come from strangers: their JSON must not make us read other files of this machine. */
async function locate(json: string, name: string): Promise<string> {
  const folder = path.dirname(json);
  const file = path.join(folder, name);
  const isOutside = path.isAbsolute(name) || !contains(folder, file);
  if (!isOutside) await checkFile(file);
  if (isOutside || !contains(await realpath(folder), await realpath(file)))
    throw new FileError(json, `names weights outside of its folder, '${name}', which is refused`);
  return file;
}

function contains(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
}

async function findJson(location: string): Promise<string> {
  const entry = await entryAt(location);
  if (entry === 'nothing') throw new FileError(location, 'no such file or folder');
  if (entry === 'other') throw new FileError(location, 'neither a file nor a folder');
  if (entry === 'folder') return jsonInFolder(location);
  const error = otherFormat(location, await readHead(location));
  if (error !== undefined) throw error;
  return location;
}

async function jsonInFolder(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  if (names.includes('model.json')) return path.join(folder, 'model.json');
  const others = names.filter((name) => name.endsWith('.json') && !LABEL_FILES.includes(name));
  if (others.length === 1) return path.join(folder, others[0]!);
  if (others.length > 1) throw new FileError(folder, `which model? There are ${others.join(', ')}`);
  for (const name of names) {
    const error = otherFormat(path.join(folder, name));
    if (error !== undefined) throw error;
  }
  throw new FileError(folder, 'no model here, as there is no model.json');
}
