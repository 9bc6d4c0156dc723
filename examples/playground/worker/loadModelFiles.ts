import { io, util } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { kindOf } from '../modelKind.js';
import type { ModelKind } from '../modelKind.js';
import type { ModelFiles } from '../remoteFiles.js';

/** Bytes of one number as a weights file stores it; a string has no such size. */
const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/**
 * Loads a TensorFlow.js model, a layers model or a graph model, with its weights.
 *
 * @throws Error if it is neither kind of model, or its weights are missing or cut.
 */
export async function loadModelFiles(files: ModelFiles): Promise<LayersModel | GraphModel> {
  const { kind, json } = parse(files.json, new TextDecoder().decode(await files.read(files.json)));
  const artifacts = await io.getModelArtifactsForJSON(json, async (manifest) => [
    io.getWeightSpecs(manifest),
    await readWeights(files, manifest),
  ]);
  const handler: io.IOHandler = { load: () => Promise.resolve(artifacts) };
  try {
    return kind === 'graph-model' ? await loadGraphModel(handler) : await loadLayersModel(handler);
  } catch (error) {
    throw new Error(
      `${files.json}: TensorFlow.js cannot load it (${(error as Error).message.split('\n')[0]!})`,
      { cause: error },
    );
  }
}

function parse(name: string, text: string): { kind: ModelKind; json: io.ModelJSON } {
  let json: Partial<io.ModelJSON> | null;
  try {
    json = JSON.parse(text) as Partial<io.ModelJSON> | null;
  } catch {
    throw new Error(`${name}: not JSON`);
  }
  const kind = kindOf(json);
  if (kind === undefined)
    throw new Error(`${name}: neither a layers model nor a graph model of TensorFlow.js`);
  if (!Array.isArray(json?.weightsManifest))
    throw new Error(`${name}: names no weights (weightsManifest)`);
  return { kind, json: json as io.ModelJSON };
}

async function readWeights(
  files: ModelFiles,
  manifest: io.WeightsManifestConfig,
): Promise<ArrayBuffer[]> {
  const shards: ArrayBuffer[] = [];
  for (const { paths, weights } of manifest) {
    const locations = paths.map((name) => files.locate(name));
    const group = await Promise.all(locations.map((location) => files.read(location)));
    const expected = byteSize(weights);
    const found = group.reduce((sum, { byteLength }) => sum + byteLength, 0);
    // A string's length stands in the file itself.
    if (!Number.isNaN(expected) && found !== expected) {
      throw new Error(
        `${locations.join(', ')}: must hold ${expected} bytes of weights, found ${found}`,
      );
    }
    shards.push(...group);
  }
  return shards;
}

/** NaN if there are weights of unknown size. */
function byteSize(weights: readonly io.WeightsManifestEntry[]): number {
  return weights
    .map(
      ({ shape, dtype, quantization }) =>
        util.sizeFromShape(shape) * (BYTES[quantization?.dtype ?? dtype] ?? NaN),
    )
    .reduce((sum, bytes) => sum + bytes, 0);
}
