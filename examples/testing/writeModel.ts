import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Writes a layers model as `model.json` and its weights, cut into shards of equal size. */
export async function writeModel(
  model: LayersModel,
  folder: string,
  { shards = 1 } = {},
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const save = (artifacts: io.ModelArtifacts): Promise<io.SaveResult> => {
    const { modelTopology, format, weightSpecs, weightData } = artifacts;
    const bytes = io.concatenateArrayBuffers(weightData!);
    const size = Math.ceil(bytes.byteLength / shards);
    const paths = Array.from({ length: shards }, (_, i) => `shard${i + 1}.bin`);
    paths.forEach((name, i) => {
      writeFileSync(path.join(folder, name), new Uint8Array(bytes.slice(i * size, (i + 1) * size)));
    });
    const json = { format, modelTopology, weightsManifest: [{ paths, weights: weightSpecs }] };
    writeFileSync(path.join(folder, 'model.json'), JSON.stringify(json));
    return Promise.resolve({ modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) });
  };
  await model.save(io.withSaveHandler(save));
}
