import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { loadModelFiles } from './loadModelFiles.js';
import { openModelFiles } from './modelFiles.js';

/**
 * Loads a TensorFlow.js model, a layers model or a graph model, with its weights.
 *
 * @param location - a folder (with a `model.json`, or a single .json file of another name), the
 * path of the .json file, or the http(s) URL of either
 * @throws InputError if it is not there, is neither kind of model, or its weights are missing or
 * cut.
 */
export async function loadModel(location: string): Promise<LayersModel | GraphModel> {
  return loadModelFiles(await openModelFiles(location));
}
