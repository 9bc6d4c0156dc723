/// <reference types="vite/client" />
import { dispose, max, setBackend, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import {
  aggregateChannels,
  blur,
  colorize,
  createPreprocessing,
  normalize,
  overlay,
  smoothGradAsync,
  toCanvas,
} from 'tfjs-saliency';

const BOWL = 45;
const LOGITS = 'tower_0/CenternetHead/centernet_cls_output/BiasAdd';
const preprocess = createPreprocessing({ inputSize: [512, 512] });

const photo = document.querySelector<HTMLImageElement>('#photo')!;
const status = document.querySelector('#status')!;

async function explain(): Promise<void> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threaded,
  });
  await setBackend('wasm');
  const detector = await loadGraphModel('model/centernet.json');
  // An object detector is a classifier once each class has one score: its greatest at any place.
  const model = (photos: Tensor): Tensor => max(detector.execute(photos, LOGITS) as Tensor, [1, 2]);

  await photo.decode();
  const gradient = await smoothGradAsync(model, photo, BOWL, {
    preprocess,
    samples: 10,
    seed: 1,
    onProgress: ({ done, total, reliability }) => {
      status.textContent = `${done} of ${total} samples, reliability ${reliability.toFixed(2)}`;
    },
  });
  const [map, both] = tidy(() => {
    const values = aggregateChannels(gradient);
    return [colorize(normalize(values), 'inferno'), overlay(photo, blur(values))];
  });
  await toCanvas(map, document.querySelector<HTMLCanvasElement>('#map')!);
  await toCanvas(both, document.querySelector<HTMLCanvasElement>('#overlay')!);
  dispose([gradient, map, both]);
  document.body.dataset['done'] = '';
}

explain().catch((error: unknown) => {
  status.textContent = String(error);
  throw error;
});
