/** A worker of node:worker_threads for the tests: models of closed form, and ways to misbehave. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { parentPort, workerData } from 'node:worker_threads';
import { createPreprocessing, GradientError, unit } from 'tfjs-saliency';
import type { Model } from 'tfjs-saliency';
import { serveSaliency } from 'tfjs-saliency/worker';
import type { LoadedModel } from 'tfjs-saliency/worker';
import { powers } from './models.js';
import type { TestSpec, Told, WorkerData } from './models.js';

const { slowness = 1, backend = 'wasm' } = (workerData ?? {}) as WorkerData;
tf.env().set('PROD', true);
await tf.setBackend(backend);

const port = parentPort!;
const told = { loads: 0, passes: 0, disposed: 0, copied: 0, transferred: 0 };

// Whoever asks beside the calls is told.
port.on('message', (message) => {
  if (message === 'crash') throw new Error('out of luck');
  if (message === 'tell')
    port.postMessage({ ...told, tensors: tf.memory().numTensors } satisfies Told);
});

const post = port.postMessage.bind(port);
port.postMessage = (message, transfer = []) => {
  post(message, transfer);
  for (const buffer of transfer as ArrayBuffer[])
    told[buffer.byteLength === 0 ? 'transferred' : 'copied']++;
};

function spend(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
}

const acts: Record<string, () => void> = {
  'throw TypeError': () => {
    throw new TypeError('a wrong type');
  },
  'throw GradientError': () => {
    throw new GradientError('no gradient', { op: 'Floor' });
  },
  'throw own error': () => {
    throw Object.assign(new Error('an own error'), { name: 'OwnError' });
  },
  'throw text': () => {
    throw 'only a text';
  },
  exit: () => process.exit(3),
};

function load(spec: TestSpec): Model | LoadedModel {
  told.loads++;
  if (spec.refuse !== undefined) throw new RangeError(spec.refuse);
  const { power = 3, milliseconds = 0, act, own = false } = spec;
  const model = (x: tf.Tensor): tf.Tensor => {
    told.passes++;
    if (act !== undefined) acts[act]!();
    spend(milliseconds * slowness);
    return powers(x, power);
  };
  if (!own) return model;
  return {
    model,
    preprocess: createPreprocessing({ ...unit.options, inputSize: [2, 2] }),
    score: (outputs) => tf.sum(outputs, 1),
    noise: (shape) => tf.fill(shape, 0.5),
    dispose: () => told.disposed++,
  };
}

serveSaliency({ load });
