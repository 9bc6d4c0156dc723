import { readFile } from 'node:fs/promises';
import { checkFile } from './files.js';
import { InputError } from './run.js';

/**
 * Reads the names of classes from a JSON file: an array of names, or Keras's
 * `imagenet_class_index.json` (`{ "0": ["n01440764", "tench"], ... }`).
 *
 * @returns one name per class index.
 * @throws InputError if there is no such file, or if it is in neither form.
 */
export async function readLabels(file: string): Promise<string[]> {
  await checkFile(file);
  const content = parse(await readFile(file, 'utf8'));
  const labels = Array.isArray(content) ? content : fromKeras(content);
  if (!labels.every((label) => typeof label === 'string') || labels.length === 0) {
    throw new InputError(
      `${file}: must be a JSON array of names or Keras's imagenet_class_index.json`,
    );
  }
  return labels;
}

/** JSON that cannot be parsed is as wrong as JSON of another form: both get the one message. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromKeras(content: unknown): unknown[] {
  if (typeof content !== 'object' || content === null) return [];
  return Object.keys(content).map(
    (_, index) => (content as Record<number, unknown[] | undefined>)[index]?.[1],
  );
}
