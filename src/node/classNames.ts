import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { inFunction } from '../inFunction.js';
import { FileError } from './fileError.js';
import { LABEL_FILES } from './labelFiles.js';
import { checkPath, entryAt } from './localFile.js';

/**
 * Reads the names of a model's classes, one per class index.
 *
 * Known are Teachable Machine's `metadata.json`, `labels.txt` (a name a line, as `name` or as
 * `0 name`), a JSON array of names, a JSON object of names by index (`{ "0": "cat" }`), of indices
 * by name (Keras's `class_indices`), and Keras's `imagenet_class_index.json`.
 *
 * @param path - the file, or a folder (or the `model.json` in it) that is searched for
 * `metadata.json`, `labels.json`, `labels.txt` and `imagenet_class_index.json`
 * @returns undefined if the folder has none of them.
 * @throws FileError if there is nothing at `path`, or if the file is in no form that is known.
 */
export function classNames(path: string): Promise<string[] | undefined> {
  return inFunction('classNames', async () => {
    checkPath('path', path);
    const entry = await entryAt(path);
    if (entry === 'nothing') throw new FileError(path, 'no such file or folder');
    return entry === 'folder' ? namesInFolder(path) : namesInFile(path);
  });
}

async function namesInFolder(folder: string): Promise<string[] | undefined> {
  for (const name of LABEL_FILES) {
    const file = path.join(folder, name);
    if ((await entryAt(file)) !== 'file') continue;
    const names = namesIn(file, await readFile(file, 'utf8'));
    if (names !== undefined) return names;
    // Other programs write a metadata.json too.
    if (name !== 'metadata.json') throw unknownForm(file);
  }
  return undefined;
}

async function namesInFile(file: string): Promise<string[] | undefined> {
  const text = await readFile(file, 'utf8');
  const names = namesIn(file, text);
  if (names !== undefined) return names;
  if (isModel(text)) return namesInFolder(path.dirname(file));
  throw unknownForm(file);
}

function unknownForm(file: string): FileError {
  return new FileError(
    file,
    "must hold names of classes: Teachable Machine's metadata.json, a JSON array of names, " +
      'an object of names by index or of indices by name, ' +
      "Keras's imagenet_class_index.json, or text with a name a line",
  );
}

function namesIn(file: string, text: string): string[] | undefined {
  const names = file.toLowerCase().endsWith('.txt') ? fromLines(text) : fromJson(parse(text));
  const areNames =
    names !== undefined && names.length > 0 && names.every((name) => typeof name === 'string');
  return areNames ? (names as string[]) : undefined;
}

function fromLines(text: string): string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.trim());
  if (lines.includes('')) return [];
  const numbered = lines.map((line) => /^(\d+)[:\s]\s*(.+)$/.exec(line));
  // Only if all lines count: '7 Up' may be a name.
  return numbered.every((match, i) => Number(match?.[1]) === i)
    ? numbered.map((match) => match![2]!)
    : lines;
}

function fromJson(content: unknown): unknown[] | undefined {
  if (Array.isArray(content)) return content as unknown[];
  if (typeof content !== 'object' || content === null) return undefined;
  const { labels } = content as { labels?: unknown };
  if (Array.isArray(labels)) return labels as unknown[];
  const entries = Object.entries(content);
  if (entries.every(([, value]) => Number.isInteger(value)))
    return inOrder(entries.map(([name, index]) => [index as number, name]));
  return inOrder(
    entries.map(([index, name]) => [
      Number(index),
      Array.isArray(name) ? (name[1] as unknown) : name,
    ]),
  );
}

/** Lists the names by their indices, which have to be 0, 1, 2, ... */
function inOrder(entries: [index: number, name: unknown][]): unknown[] | undefined {
  const sorted = [...entries].sort(([a], [b]) => a - b);
  return sorted.every(([index], i) => index === i) ? sorted.map(([, name]) => name) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function isModel(text: string): boolean {
  const content = parse(text);
  return typeof content === 'object' && content !== null && 'modelTopology' in content;
}
