/** CenterNet as a classifier in Node, as the pages have it in a browser. */
import { io, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createPreprocessing } from 'tfjs-saliency';
import type { PreprocessingPreset } from 'tfjs-saliency';
import { centernetGraph } from '../../examples/shared/centernetGraph.js';

export const BOWL = 45;

export const preprocessing = (side: number): PreprocessingPreset =>
  createPreprocessing({ inputSize: [side, side] });

export async function loadClassifier(side: number): Promise<GraphModel> {
  await setBackend('wasm');
  const models = path.join(path.dirname(require.resolve('@vladmandic/human')), '../models');
  const detector = readFileSync(path.join(models, 'centernet.json'), 'utf8');
  const { json, sizes } = centernetGraph(detector, side);
  const weights = Buffer.concat([readFileSync(path.join(models, 'centernet.bin')), sizes]);
  const artifacts = await io.getModelArtifactsForJSON(
    JSON.parse(json) as io.ModelJSON,
    (manifest) => Promise.resolve([io.getWeightSpecs(manifest), new Uint8Array(weights).buffer]),
  );
  return loadGraphModel(io.fromMemory(artifacts));
}
