/** The backends at hand in Node; the same suite runs on each. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import path from 'node:path';

export const backends = ['cpu', 'wasm'] as const;
type Backend = (typeof backends)[number];

// Jest's module loader hides the folder of the .wasm files from tfjs.
setWasmPaths(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + path.sep);

/** Runs `suite` once per backend, with that backend active in its tests. */
export function describeOnEachBackend(name: string, suite: (backend: Backend) => void): void {
  for (const backend of backends) describeOn(backend, name, suite);
}

/** Runs `suite` on wasm only: what no backend changes, or what takes the cpu backend minutes. */
export function describeOnWasm(name: string, suite: () => void): void {
  describeOn('wasm', name, suite);
}

function describeOn(backend: Backend, name: string, suite: (backend: Backend) => void): void {
  describe(`${name} (${backend})`, () => {
    beforeAll(async () => {
      expect(await tf.setBackend(backend)).toBe(true);
    });
    suite(backend);
  });
}

/** Expects `run` to leave as many tensors as it found, plus those it returns; frees those. */
export function expectNoLeak(run: () => tf.Tensor | undefined): void {
  const before = tf.memory().numTensors;
  const result = run();
  expect(tf.memory().numTensors).toBe(before + (result ? 1 : 0));
  result?.dispose();
}
