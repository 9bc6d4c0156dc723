/** From files that the user chose to a model that the worker can load. */
import type { io } from '@tensorflow/tfjs-core';
import { inputShapeOf, kindOf } from './modelKind.js';
import type { ModelKind } from './modelKind.js';
import { fitPreset, guessPreset } from './preset.js';
import { remoteFiles } from './remoteFiles.js';
import type { Classifier, ModelSource } from './state.js';

interface Model {
  readonly json: string;
  readonly format: ModelKind;
  readonly shape: ReturnType<typeof inputShapeOf>;
}

/**
 * Makes a classifier of a model.json, its shards, and maybe the names of its classes: Teachable
 * Machine's metadata.json, a JSON array, Keras's imagenet_class_index.json, or a labels.txt.
 *
 * @param preset - where the files do not tell it
 * @throws Error in one line if there is no model among them
 */
export async function classifierOfFiles(
  files: readonly File[],
  preset: string,
): Promise<Classifier> {
  let model: Model | undefined;
  let labels: readonly string[] | undefined;
  let metadata: unknown;
  let unknown: Error | undefined;
  for (const file of files) {
    const isText = file.name === 'labels.txt';
    if (!isText && !file.name.endsWith('.json')) continue;
    const text = await file.text();
    const content = isText ? text.trim().split(/\r?\n/) : parse(file.name, text);
    const found = modelIn(file.name, content);
    const names = found === undefined ? namesIn(content) : undefined;
    if (found !== undefined) model = found;
    else if (names !== undefined) labels = names;
    else
      unknown = new Error(
        `${file.name}: neither a model of TensorFlow.js nor a list of class names`,
      );
    if (file.name === 'metadata.json') metadata = content;
  }
  if (model === undefined)
    throw unknown ?? new Error(`${nameAll(files)}: no model.json among them`);
  const { json, format, shape } = model;
  const addresses = Object.fromEntries(files.map((file) => [file.name, URL.createObjectURL(file)]));
  const choice = fitPreset(guessPreset(metadata, shape) ?? preset, shape);
  return ownModel({ kind: 'files', json, format, shape, addresses, preset: choice }, labels);
}

/**
 * Makes a classifier of a model.json on a server, with the metadata.json beside it, if there is one
 * as Teachable Machine writes it.
 *
 * @throws Error in one line if there is no model at the URL
 */
export async function classifierOfUrl(url: string, preset: string): Promise<Classifier> {
  const { json, locate, read } = remoteFiles(url);
  const readJson = async (name: string): Promise<unknown> =>
    parse(name, new TextDecoder().decode(await read(name)));
  const model = modelIn(json, await readJson(json));
  if (model === undefined)
    throw new Error(`${json}: neither a layers model nor a graph model of TensorFlow.js`);
  const metadata = json.endsWith('/model.json')
    ? await readJson(locate('metadata.json')).catch(() => undefined)
    : undefined;
  const { shape } = model;
  const choice = fitPreset(guessPreset(metadata, shape) ?? preset, shape);
  return ownModel({ kind: 'url', ...model, preset: choice }, namesIn(metadata));
}

function ownModel(source: ModelSource, labels: Classifier['labels']): Classifier {
  return { id: undefined, name: source.json, note: '', source, labels, layer: undefined };
}

/** The same model with its images prepared as another preset says. */
export function withPreset(classifier: Classifier, preset: string): Classifier {
  const { source } = classifier;
  return { ...classifier, source: { ...source, preset: fitPreset(preset, source.shape) } };
}

/** Lets the browser forget the files of a model that is not used any more. */
export function forgetFiles(source: ModelSource): void {
  if (source.kind !== 'files') return;
  for (const address of Object.values(source.addresses)) URL.revokeObjectURL(address);
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name}: not JSON`);
  }
}

function modelIn(name: string, content: unknown): Model | undefined {
  const json = content as Partial<io.ModelJSON>;
  const format = kindOf(json);
  return format && { json: name, format, shape: inputShapeOf(json) };
}

function namesIn(content: unknown): readonly string[] | undefined {
  const { labels = content } = (content ?? {}) as { labels?: unknown };
  const entries = Array.isArray(labels)
    ? (labels as unknown[])
    : Object.values(labels ?? {}).map(nameOf);
  const areNames = entries.length > 0 && entries.every((entry) => typeof entry === 'string');
  return areNames ? (entries as string[]) : undefined;
}

/** Keras's file has ["n01440764", "tench"] for each class; numeric keys come in their order. */
function nameOf(entry: unknown): unknown {
  return Array.isArray(entry) ? entry[1] : undefined;
}

function nameAll(files: readonly File[]): string {
  const [first, ...others] = files.map(({ name }) => name);
  return others.length === 0 ? (first ?? 'nothing') : `${first!} and ${others.length} more`;
}
