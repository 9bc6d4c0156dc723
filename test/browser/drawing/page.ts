/** A page without tfjs, which draws what a worker computes. */
import { aggregateChannels, blur, overlay, toCanvas } from 'tfjs-saliency';
import { connectSaliency } from 'tfjs-saliency/worker';
import { input, photo } from './pictures.js';

async function draw(): Promise<void> {
  const saliency = connectSaliency<string>(() => new Worker('./worker.js', { type: 'module' }));
  const gradient = await saliency.vanillaGradient('weighted sum', input, 0);
  await saliency.close();
  const map = blur(aggregateChannels(gradient), { sigma: 0.1 });
  const { data, width, height } = photo;
  const picture = overlay(new ImageData(data, width, height), map, { colormap: 'viridis' });
  await toCanvas(picture, document.querySelector('canvas')!);
}

draw().then(
  () => (document.title = 'drawn'),
  (error: unknown) => (document.title = String(error)),
);
