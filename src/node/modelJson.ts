/** The JSON file of a model: which kind of model it holds, and whether its form is right. */
import type { io } from '@tensorflow/tfjs-core';
import { FileError } from './fileError.js';
import { checkLayers } from './layersConfig.js';
import { converter } from './otherFormats.js';

export type ModelKind = 'layers-model' | 'graph-model';

/**
 * Parses the JSON of a model.
 * @throws FileError if it holds none that TensorFlow.js can load.
 */
export function parseModel(file: string, text: string): { kind: ModelKind; json: io.ModelJSON } {
  const json = parse(file, text);
  const kind = kindOf(json);
  if (kind === undefined) {
    const reason = isArchitecture(json)
      ? 'a Keras architecture without weights; convert the saved model: ' +
        converter('keras', 'model.h5')
      : 'neither a layers model nor a graph model of TensorFlow.js';
    throw new FileError(file, reason);
  }
  if (!isManifest(json?.weightsManifest))
    throw new FileError(file, 'names no weights (weightsManifest)');
  checkManifest(file, json!.weightsManifest!);
  if (kind === 'layers-model') checkLayers(file, json!.modelTopology!);
  return { kind, json: json as io.ModelJSON };
}

function parse(file: string, text: string): Partial<io.ModelJSON> | null {
  try {
    return JSON.parse(text) as Partial<io.ModelJSON> | null;
  } catch {
    throw new FileError(file, 'not JSON');
  }
}

/**
 * Tells the kind of model by its `format`, or by what its topology is made of where an early
 * converter wrote no format.
 */
function kindOf(json: Partial<io.ModelJSON> | null): ModelKind | undefined {
  const topology = json?.modelTopology as Record<string, unknown> | null | undefined;
  if (typeof topology !== 'object' || topology === null) return undefined;
  const { format } = json!;
  if (format === 'layers-model' || format === 'graph-model') return format;
  if (format != null) return undefined;
  if ('node' in topology) return 'graph-model';
  return 'model_config' in topology || 'class_name' in topology ? 'layers-model' : undefined;
}

function isArchitecture(json: object | null): boolean {
  return typeof json === 'object' && json !== null && 'class_name' in json && 'config' in json;
}

function isManifest(manifest: unknown): manifest is io.WeightsManifestConfig {
  const isGroup = (group: Partial<io.WeightsManifestConfig[number]> | null) =>
    Array.isArray(group?.paths) &&
    group.paths.every((name) => typeof name === 'string') &&
    Array.isArray(group.weights);
  return Array.isArray(manifest) && manifest.every(isGroup);
}

/** @throws FileError for what would be read many times, or has no size */
function checkManifest(file: string, manifest: io.WeightsManifestConfig): void {
  const [paths, names] = [new Set<string>(), new Set<unknown>()];
  for (const group of manifest) {
    for (const name of group.paths) {
      if (paths.has(name)) throw new FileError(file, `names a file of weights twice, '${name}'`);
      paths.add(name);
    }
    for (const weight of group.weights as (io.WeightsManifestEntry | null)[]) {
      if (!isWeight(weight))
        throw new FileError(
          file,
          'has a weight without a name, a shape or a type (weightsManifest)',
        );
      if (names.has(weight.name)) throw new FileError(file, `has two weights '${weight.name}'`);
      names.add(weight.name);
    }
  }
}

function isWeight(
  weight: Partial<io.WeightsManifestEntry> | null,
): weight is io.WeightsManifestEntry {
  const { name, shape, dtype, quantization = {} } = weight ?? {};
  const isSize = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) >= 0;
  return (
    typeof name === 'string' &&
    Array.isArray(shape) &&
    shape.every(isSize) &&
    typeof dtype === 'string' &&
    typeof quantization === 'object'
  );
}
