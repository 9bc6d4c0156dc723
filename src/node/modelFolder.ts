import { io } from '@tensorflow/tfjs-core';
import { inFunction } from '../inFunction.js';
import { checkPath } from './localFile.js';
import { localFiles } from './modelFiles.js';
import type { ModelFiles } from './modelFiles.js';
import { parseModel } from './modelJson.js';
import type { ModelKind } from './modelJson.js';
import { readWeights } from './weights.js';

/**
 * Lets `loadGraphModel` and `loadLayersModel` read a model from a folder.
 *
 * Nothing outside of the folder is read, whatever the model's JSON names.
 *
 * @example
 * ```ts
 * import { loadGraphModel } from '@tensorflow/tfjs-converter';
 * import { modelFolder } from 'tfjs-saliency/node';
 *
 * const model = await loadGraphModel(modelFolder('models/cats'));
 * ```
 *
 * @param path - the folder with the `model.json` (or a single .json file of another name), or the
 * path of the .json file
 * @returns an IOHandler, whose `load` rejects with a {@link FileError} if there is no such model,
 * or if its weights are missing or cut.
 */
export function modelFolder(path: string): io.IOHandler {
  inFunction('modelFolder', () => {
    checkPath('path', path);
  });
  return {
    load: async () => (await readModel(await localFiles(path))).artifacts,
  };
}

/** Reads a model's JSON and weights. */
export async function readModel(
  files: ModelFiles,
): Promise<{ kind: ModelKind; artifacts: io.ModelArtifacts }> {
  const text = new TextDecoder().decode(await files.read(files.json));
  const { kind, json } = parseModel(files.json, text);
  const artifacts = await io.getModelArtifactsForJSON(json, async (manifest) => [
    io.getWeightSpecs(manifest),
    await readWeights(files, manifest),
  ]);
  return { kind, artifacts };
}
