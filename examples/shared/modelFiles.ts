import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { checkFile } from './files.js';
import { remoteFiles } from './remoteFiles.js';
import { InputError } from './run.js';

/** A model's files, wherever they are. */
export interface ModelFiles {
  /** The path or URL of the JSON file. */
  readonly json: string;
  /** The path or URL of a file that the JSON names relative to itself. */
  locate(name: string): string;
  /** @throws InputError if it cannot be had. */
  read(location: string): Promise<ArrayBuffer>;
}

/**
 * @param location - a folder, a JSON file, or the http(s) URL of either
 * @throws InputError if nothing is there, or a folder leaves open which model is meant.
 */
export async function openModelFiles(location: string): Promise<ModelFiles> {
  return /^https?:\/\//.test(location)
    ? remoteFiles(location)
    : localFiles(await findJson(location));
}

async function findJson(location: string): Promise<string> {
  const entry = await stat(location).catch(() => undefined);
  if (entry === undefined) throw new InputError(`${location}: no such file or folder`);
  if (!entry.isDirectory()) return location;
  const names = (await readdir(location)).filter((name) => name.endsWith('.json')).sort();
  const name = names.includes('model.json') ? 'model.json' : names[0];
  if (name === undefined)
    throw new InputError(`${location}: no model here, as there is no .json file`);
  if (names.length === 1 || name === 'model.json') return path.join(location, name);
  throw new InputError(`${location}: which model? There are ${names.join(', ')}`);
}

function localFiles(json: string): ModelFiles {
  return {
    json,
    locate: (name) => path.join(path.dirname(json), name),
    async read(file) {
      await checkFile(file);
      const { buffer, byteOffset, byteLength } = await readFile(file);
      return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
    },
  };
}
