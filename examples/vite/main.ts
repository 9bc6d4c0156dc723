/// <reference types="vite/client" />
import { dispose, setBackend, tidy } from '@tensorflow/tfjs-core';
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
const preprocess = createPreprocessing({ inputSize: [256, 256] });

const photo = document.querySelector<HTMLImageElement>('#photo')!;
const status = document.querySelector('#status')!;

async function explain(): Promise<void> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threaded,
  });
  await setBackend('wasm');
  const model = await loadGraphModel('model/centernet-256.json');

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
