/** Writes models as Teachable Machine and TensorFlow's converter export them. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { io, tensor2d } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The columns' weights of {@link writeTeachableMachine}'s model, classes from left to right. */
export const WEIGHTS = [1, 2, 3, 4, 5, 6];

/** What the model gives for an image of which channel c is c + 1 at every pixel. */
export const outputOfOneTwoThree = [1 * 1 + 2 * 3 + 3 * 5, 1 * 2 + 2 * 4 + 3 * 6];

/**
 * Writes `metadata.json`, `model.json` and `weights.bin`: the mean colour, times {@link WEIGHTS}.
 */
export async function writeTeachableMachine(
  folder: string,
  { size = 224, metadata = {} as object | undefined } = {},
): Promise<void> {
  const model = sequential({
    layers: [
      layers.globalAveragePooling2d({ inputShape: [size, size, 3], dataFormat: 'channelsLast' }),
      layers.dense({ units: 2, useBias: false }),
    ],
  });
  const kernel = tensor2d(WEIGHTS, [3, 2]);
  model.setWeights([kernel]);
  await writeLayersModel(model, folder);
  kernel.dispose();
  model.dispose();
  if (metadata === undefined) return;
  const content = {
    tfjsVersion: '1.3.1',
    tmVersion: '2.4.10',
    packageVersion: '0.8.4-alpha2',
    packageName: '@teachablemachine/image',
    timeStamp: '2024-05-01T12:00:00.000Z',
    userMetadata: {},
    modelName: 'tm-my-image-model',
    labels: ['Cat', 'Dog'],
    imageSize: size,
    ...metadata,
  };
  writeFileSync(path.join(folder, 'metadata.json'), JSON.stringify(content));
}

/** Writes a layers model as `model.json` and `weights.bin`. */
export async function writeLayersModel(model: LayersModel, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const save = (artifacts: io.ModelArtifacts): Promise<io.SaveResult> => {
    const { modelTopology, format, weightSpecs, weightData } = artifacts;
    const bytes = new Uint8Array(io.concatenateArrayBuffers(weightData as ArrayBuffer[]));
    writeFileSync(path.join(folder, 'weights.bin'), bytes);
    const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
    const json = JSON.stringify({ format, modelTopology, weightsManifest });
    writeFileSync(path.join(folder, 'model.json'), json);
    return Promise.resolve({ modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) });
  };
  await model.save(io.withSaveHandler(save));
}

/** Where @vladmandic/human has its models. */
export const humanModels = path.join(
  path.dirname(require.resolve('@vladmandic/human')),
  '../models',
);

/** Copies a graph model of @vladmandic/human into a folder, as its only model. */
export function copyHumanModel(name: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const end of ['json', 'bin'])
    copyFileSync(path.join(humanModels, `${name}.${end}`), path.join(folder, `${name}.${end}`));
}
