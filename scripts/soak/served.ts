/** A worker that serves the small classifier, collects its garbage and tells of its tensors. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { parentPort } from 'node:worker_threads';
import { serveSaliency } from 'tfjs-saliency/worker';
import { asLayersModel } from '../../test/contract/classifier.js';

tf.env().set('PROD', true);
await tf.setBackend('wasm');

parentPort!.on('message', (message) => {
  if (message !== 'collect') return;
  (globalThis as { gc?: () => void }).gc?.();
  parentPort!.postMessage({ collected: tf.memory().numTensors });
});

serveSaliency({ load: () => asLayersModel().model });
