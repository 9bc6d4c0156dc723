/** Trained models that come with npm packages, read from their folders. */
import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { loadGraphModelSync } from '@tensorflow/tfjs-converter';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * Not jest's `require`, which would be slow on megabytes of script, and none of this file's, which
 * scripts use as a module.
 */
const load = createRequire(path.resolve('package.json'));

/** A model.json, as far as it is read here. */
type ModelJson = Pick<tf.io.ModelJSON, 'modelTopology' | 'weightsManifest' | 'signature'>;

/**
 * @vladmandic/human's classifiers: emotion [n, 64, 64, 1] -> 7 and liveness [n, 32, 32, 3] -> 2 end
 * in a softmax, antispoof [n, 128, 128, 3] -> 1 in a sigmoid.
 */
export function humanModel(
  name: 'emotion' | 'liveness' | 'antispoof',
): GraphModel<tf.io.IOHandlerSync> {
  const folder = path.join(path.dirname(load.resolve('@vladmandic/human')), '../models');
  const json = JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as ModelJson;
  const weights = readFileSync(path.join(folder, `${name}.bin`));
  return loadGraphModelSync(tf.io.fromMemorySync(artifactsOf(json, weights)));
}

/**
 * nsfwjs's MobileNetV2, [n, size, size, 3] -> 5, ending in a softmax.
 * @param size a multiple of 32; it was trained for 224, and only its last pooling knows that
 */
export function nsfwModel(size: number): Promise<LayersModel> {
  // The package has its files as scripts, for bundlers: the json as an object and the weights in
  // base64.
  const folder = path.join(path.dirname(load.resolve('nsfwjs')), '../models/mobilenet_v2');
  const { modelTopology, weightsManifest } = load(path.join(folder, 'model.min.js')) as ModelJson;
  const text = JSON.stringify(modelTopology)
    .replace('[null,224,224,3]', `[null,${size},${size},3]`)
    .replace('"pool_size":[7,7]', `"pool_size":[${size / 32},${size / 32}]`);
  const weights = Buffer.from(
    load(path.join(folder, 'group1-shard1of1.min.js')) as string,
    'base64',
  );
  const json = { modelTopology: JSON.parse(text) as object, weightsManifest };
  return loadLayersModel(tf.io.fromMemory(artifactsOf(json, weights)));
}

function artifactsOf(
  { modelTopology, weightsManifest, signature }: ModelJson,
  weights: Buffer,
): tf.io.ModelArtifacts {
  // A copy, because the loader reads from the beginning of the underlying memory, which Buffers may
  // share.
  const weightData = new Uint8Array(weights).buffer;
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  return {
    modelTopology,
    weightSpecs,
    weightData,
    ...(signature === undefined ? {} : { signature }),
  };
}
