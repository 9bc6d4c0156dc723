/** A worker that serves the classifier of the contract tests. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { serveSaliency } from 'tfjs-saliency/worker';
import { asFunction, asLayersModel } from './classifier.js';

tf.env().set('PROD', true);
await tf.setBackend('wasm');

serveSaliency({
  load: (kind: 'function' | 'layers') =>
    kind === 'function' ? asFunction().model : asLayersModel().model,
});
