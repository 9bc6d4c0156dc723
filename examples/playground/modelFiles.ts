/** From files that the user chose to a model that the worker can load. */
import type { io } from '@tensorflow/tfjs-core';
import { kindOf } from '../shared/modelKind.js';
import type { ModelKind } from '../shared/modelKind.js';
import { remoteFiles } from '../shared/remoteFiles.js';
import type { Classifier, ModelSource } from './state.js';

/**
 * @param files - a model.json, its shards, and maybe a JSON array of class names (or Keras's
 * imagenet_class_index.json)
 * @throws Error in one line if there is no model among them
 */
export async function classifierOfFiles(
  files: readonly File[],
  preset: string,
): Promise<Classifier> {
  let model: { json: string; format: ModelKind } | undefined;
  let labels: readonly string[] | undefined;
  for (const file of files.filter(({ name }) => name.endsWith('.json'))) {
    const content = parse(file.name, await file.text());
    const format = kindOf(content as Partial<io.ModelJSON>);
    if (format !== undefined) model = { json: file.name, format };
    else labels = labelsOf(file.name, content);
  }
  if (model === undefined) throw new Error(`${nameAll(files)}: no model.json among them`);
  const addresses = Object.fromEntries(files.map((file) => [file.name, URL.createObjectURL(file)]));
  return { name: model.json, source: { kind: 'files', ...model, addresses, preset }, labels };
}

/** @throws Error in one line if there is no model at the URL */
export async function classifierOfUrl(url: string, preset: string): Promise<Classifier> {
  const { json, read } = remoteFiles(url);
  const format = kindOf(
    parse(json, new TextDecoder().decode(await read(json))) as Partial<io.ModelJSON>,
  );
  if (format === undefined)
    throw new Error(`${json}: neither a layers model nor a graph model of TensorFlow.js`);
  return { name: json, source: { kind: 'url', json, format, preset }, labels: undefined };
}

/** The worker has what it needs: the browser may forget the files. */
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

function labelsOf(name: string, content: unknown): readonly string[] {
  const entries = Array.isArray(content)
    ? (content as unknown[])
    : Object.values(content ?? {}).map(nameOf);
  if (entries.length > 0 && entries.every((entry) => typeof entry === 'string')) return entries;
  throw new Error(`${name}: neither a model of TensorFlow.js nor a list of class names`);
}

/** Keras's file has ["n01440764", "tench"] for each class; numeric keys come in their order. */
function nameOf(entry: unknown): unknown {
  return Array.isArray(entry) ? entry[1] : undefined;
}

function nameAll(files: readonly File[]): string {
  const [first, ...others] = files.map(({ name }) => name);
  return others.length === 0 ? (first ?? 'nothing') : `${first!} and ${others.length} more`;
}
