/** CenterNet of @vladmandic/human in Node, as the pages have it in a browser. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createPreprocessing } from 'tfjs-saliency';

export const preprocess = createPreprocessing({ inputSize: [512, 512] });

export const BOWL = 45;

/** Photos [n, 512, 512, 3] to the greatest logit of each of 80 classes, [n, 80]. */
export async function loadClassifier(): Promise<(photos: tf.Tensor) => tf.Tensor> {
  await tf.setBackend('wasm');
  const folder = path.join(path.dirname(require.resolve('@vladmandic/human')), '../models');
  const json = JSON.parse(
    readFileSync(path.join(folder, 'centernet.json'), 'utf8'),
  ) as tf.io.ModelJSON;
  const weights = new Uint8Array(readFileSync(path.join(folder, 'centernet.bin'))).buffer;
  const artifacts = await tf.io.getModelArtifactsForJSON(json, (manifest) =>
    Promise.resolve([tf.io.getWeightSpecs(manifest), weights]),
  );
  const detector = await loadGraphModel(tf.io.fromMemory(artifacts));
  const logits = 'tower_0/CenternetHead/centernet_cls_output/BiasAdd';
  return (photos) => tf.max(detector.execute(photos, logits) as tf.Tensor, [1, 2]);
}
