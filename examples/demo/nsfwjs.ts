import { createRequire } from 'node:module';
import path from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { createPreprocessing } from 'tfjs-saliency';
import type { Classifier } from './classifier.js';

const require = createRequire(import.meta.url);

/** The classifiers that come with nsfwjs, and the sides of their photos. */
export const nsfwjsModels = {
  mobilenet_v2: 224,
  mobilenet_v2_mid: 224,
  inception_v3: 299,
} as const;

/**
 * Loads a classifier of the package nsfwjs, which has its files as scripts, for bundlers: the json
 * as an object and the weights in base64.
 */
export async function loadNsfwjs(name: keyof typeof nsfwjsModels): Promise<Classifier> {
  const folder = path.join(path.dirname(require.resolve('nsfwjs')), '../models', name);
  const json = require(path.join(folder, 'model.min.js')) as io.ModelJSON;
  const shards = json.weightsManifest[0]!.paths.map((shard) =>
    Buffer.from(require(path.join(folder, `${shard}.min.js`)) as string, 'base64'),
  );
  const handler = io.fromMemory({
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest[0]!.weights,
    weightData: new Uint8Array(Buffer.concat(shards)).buffer,
  });
  const load = json.format === 'graph-model' ? loadGraphModel : loadLayersModel;
  const side = nsfwjsModels[name];
  return {
    name: `nsfwjs's ${name}`,
    model: await load(handler),
    preprocess: createPreprocessing({ name: 'nsfwjs', inputSize: [side, side], std: 255 }),
    labels: ['drawing', 'hentai', 'neutral', 'porn', 'sexy'],
  };
}
