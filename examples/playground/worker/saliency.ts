/** The worker that computes: models, predictions and gradients. */
/// <reference types="vite/client" />
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { serveSaliency } from 'tfjs-saliency/worker';
import type { Backend, ModelSource } from '../state.js';
import { openModel } from './model.js';

/** What the page gives in the place of a model. */
export interface Spec {
  readonly backend: Backend;
  readonly source: ModelSource;
}

setWasmPaths({
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
});

serveSaliency({
  async load({ backend, source }: Spec) {
    if (!(await setBackend(backend)))
      throw new Error(`this browser cannot run the backend ${backend}`);
    return openModel(source);
  },
});
