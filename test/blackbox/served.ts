/** A worker that serves a synchronous and an asynchronous form of one small model. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { serveSaliency } from 'tfjs-saliency/worker';
import { wavy } from './wavy.js';

tf.env().set('PROD', true);
await tf.setBackend('cpu');

serveSaliency({
  load: (kind: 'now' | 'later') =>
    kind === 'now'
      ? wavy
      : async (rows) => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          return wavy(rows);
        },
});
