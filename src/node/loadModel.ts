import type { io } from '@tensorflow/tfjs-core';
import { inFunction } from '../inFunction.js';
import type { PredictModel, TensorSpec } from '../model/model.js';
import { checkKnown, readOptions } from '../options.js';
import { checkControlFlow } from './controlFlow.js';
import { downloader, downloadOptions, isUrl } from './download.js';
import type { DownloadOptions } from './download.js';
import { FileError } from './fileError.js';
import { loadAfter, loadSync } from './freeOnFailure.js';
import { wasMadeByKeras3 } from './layersConfig.js';
import { checkPath } from './localFile.js';
import { localFiles } from './modelFiles.js';
import { readModel } from './modelFolder.js';
import type { ModelKind } from './modelJson.js';
import { importOptional } from './optionalPackage.js';
import { remoteFiles } from './remoteFiles.js';

/**
 * A model of TensorFlow.js: what LayersModel and GraphModel have in common. Where more is needed,
 * `model as LayersModel` or `model as GraphModel` gives it.
 */
export interface TfjsModel extends PredictModel {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Frees the weights. */
  dispose(): unknown;
}

/**
 * Loads a model of TensorFlow.js, a layers model or a graph model.
 *
 * The package for its kind has to be installed: @tensorflow/tfjs-layers or
 * @tensorflow/tfjs-converter (both come with @tensorflow/tfjs).
 *
 * @example
 * ```ts
 * import { loadModel, readImage } from 'tfjs-saliency/node';
 *
 * const model = await loadModel('my-teachable-machine');
 * const photo = await readImage('cat.jpg');
 * const map = vanillaGradient(model, photo, 'argmax', { preprocess: teachableMachine });
 * ```
 *
 * @param location - a folder (with a `model.json`, or a single .json file of another name), the
 * path of the .json file, or the http(s) URL of either; a URL's query goes with every file
 * @param options - limits of what is downloaded: `maxBytes` (1e9) of all files together, and
 * `timeout` (300 000 ms) of each
 * @returns the model; the caller disposes it.
 * @throws FileError if it is not there or beyond the limits, its weights are missing or cut, or it
 * is of another format: the message says how to convert it.
 */
export function loadModel(location: string, options: DownloadOptions = {}): Promise<TfjsModel> {
  return inFunction('loadModel', async () => {
    checkPath('location', location, 'a path or a URL');
    checkKnown(options, downloadOptions);
    const limits = readOptions(downloadOptions, options);
    const files = isUrl(location)
      ? remoteFiles(location, downloader(limits))
      : await localFiles(location);
    const { kind, artifacts } = await readModel(files);
    if (kind === 'graph-model') checkControlFlow(files.json, artifacts.modelTopology as object);
    const load = await loaderOf(kind);
    try {
      return await load(artifacts);
    } catch (error) {
      const made = wasMadeByKeras3(artifacts.modelTopology) ? ', which is made by Keras 3' : '';
      const reason = `TensorFlow.js cannot load it${made} (${(error as Error).message})`;
      throw new FileError(files.json, reason, { cause: error });
    }
  });
}

async function loaderOf(
  kind: ModelKind,
): Promise<(artifacts: io.ModelArtifacts) => TfjsModel | Promise<TfjsModel>> {
  if (kind === 'graph-model') {
    const name = '@tensorflow/tfjs-converter';
    const { loadGraphModelSync } = await importOptional(
      name,
      () => import('@tensorflow/tfjs-converter'),
    );
    return (artifacts) => loadSync(() => loadGraphModelSync({ load: () => artifacts }));
  }
  const name = '@tensorflow/tfjs-layers';
  const { loadLayersModel } = await importOptional(name, () => import('@tensorflow/tfjs-layers'));
  return (artifacts) => loadAfter(artifacts, loadLayersModel);
}
