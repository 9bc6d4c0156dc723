/** What the templates' pages need of their users: a model and a photo. */
import path from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import sharp from 'sharp';
import { writeModel } from '../../examples/testing/writeModel.js';

/** The size that the preset `unit` brings photos to. */
const SIZE = 224;

/** Writes a model whose classes each see one half of the photo, and a gray photo. */
export async function writeAssets(folder: string): Promise<void> {
  const model = sequential({
    layers: [
      layers.flatten({ inputShape: [SIZE, SIZE, 3] }),
      layers.dense({ units: 2, useBias: false }),
    ],
  });
  const weights = Float32Array.from({ length: 2 * SIZE * SIZE * 3 }, (_, i) => {
    const isLeft = Math.floor(i / 6) % SIZE < SIZE / 2;
    return (i % 2 === 0) === isLeft ? 2 / (SIZE * SIZE * 3) : 0;
  });
  model.setWeights([tensor(weights, [SIZE * SIZE * 3, 2])]);
  await writeModel(model, path.join(folder, 'model'));
  const [width, height] = [64, 64];
  await sharp(Buffer.alloc(width * height * 3, 128), { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path.join(folder, 'photo.png'));
}
