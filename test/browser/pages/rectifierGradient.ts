/** In the page: the rectifiers' gradient by a program of the library's own on a GPU backend. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { rectifierGradient } from '../../../src/gradient/gpu/rectifierGradient.js';
import { vanillaGradient } from '../../../src/index.js';

export interface Rectified {
  readonly shape: number[];
  /** Infinity does not pass as JSON: null is none. */
  readonly ceiling: number | null;
  readonly dy: number[];
  readonly y: number[];
}

declare global {
  interface Window {
    /** Makes a backend the current one. */
    use: (backend: string, flags: Record<string, boolean>) => Promise<boolean>;
    rectify: (cases: readonly Rectified[]) => Promise<number[][]>;
    /** The gradient of a small network with all rectifiers, and how many tensors it left. */
    networkGradient: () => Promise<{ gradient: number[]; left: number }>;
    isReady: () => boolean;
  }
}

window.use = async (backend, flags) => {
  tf.env().setFlags({ WEBGL_CPU_FORWARD: false, WEBGPU_CPU_FORWARD: false, ...flags });
  return tf.setBackend(backend);
};

window.rectify = async (cases) => {
  const results: number[][] = [];
  for (const { shape, ceiling, dy, y } of cases) {
    const [gradient, output] = [tf.tensor(dy, shape), tf.tensor(y, shape)];
    // Computed, so that the backend packs them as it does a network's.
    const inputs = [tf.mul(gradient, 1), tf.mul(output, 1)] as const;
    const result = rectifierGradient(...inputs, ceiling ?? Infinity);
    if (result === undefined) throw new Error(`no program on ${tf.getBackend()}`);
    results.push(Array.from(await result.data()));
    tf.dispose([gradient, output, ...inputs, result]);
  }
  return results;
};

function network(x: tf.Tensor): tf.Tensor {
  const filter = (shape: [number, number, number, number], seed: number) =>
    tf.randomNormal(shape, 0, 0.5, 'float32', seed) as tf.Tensor4D;
  const first = tf.relu(tf.conv2d(x as tf.Tensor4D, filter([3, 3, 3, 6], 1), 1, 'same'));
  const second = tf.relu6(tf.conv2d(tf.mul(first, 4), filter([3, 3, 6, 5], 2), 2, 'same'));
  const third = tf.clipByValue(
    tf.relu(tf.depthwiseConv2d(second, filter([3, 3, 5, 1], 3), 1, 'same')),
    0,
    2,
  );
  return tf.mean(third, [1, 2]);
}

window.networkGradient = async () => {
  const x = tf.randomNormal([1, 8, 8, 3], 0, 1, 'float32', 4);
  const before = tf.memory().numTensors;
  const map = vanillaGradient((batch) => tf.tidy(() => network(batch)), x, 1);
  const gradient = Array.from(await map.data());
  map.dispose();
  const left = tf.memory().numTensors - before;
  x.dispose();
  return { gradient, left };
};

window.isReady = () => true;
