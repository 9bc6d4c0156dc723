import '@tensorflow/tfjs-backend-webgl';
import { dispose, tidy } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import {
  aggregateChannels,
  blur,
  overlay,
  smoothGradAsync,
  toImageData,
  unit,
} from 'tfjs-saliency';

const models = new Map();

/** Loads each model once. */
function modelAt(address) {
  if (!models.has(address)) models.set(address, loadLayersModel(address));
  return models.get(address);
}

/** Explains a photo, as the picture of it with the map over it. */
export async function explain(address, photo, classIndex, { signal, onProgress }) {
  const image = Object.assign(new Image(), { src: photo });
  const [model] = await Promise.all([modelAt(address), image.decode()]);
  const options = { preprocess: unit, samples: 20, seed: 1, signal, onProgress };
  const gradient = await smoothGradAsync(model, image, classIndex, options);
  const picture = tidy(() => overlay(image, blur(aggregateChannels(gradient))));
  dispose(gradient);
  return toImageData(picture).finally(() => dispose(picture));
}
