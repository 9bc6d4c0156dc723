// Oracle: tfjs's count of tensors, and the signal's own listeners, after 20 photos whose generators
// nobody runs to their end.
import * as tf from '@tensorflow/tfjs-core';
import { integratedGradients, smooth, smoothGradSteps } from 'tfjs-saliency';
import type { SmoothingStep } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';

const PHOTOS = 20;

/** A signal that counts its listeners. */
function countedSignal(): { signal: AbortSignal; listeners(): number } {
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners.add(args[1]);
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners.delete(args[1]);
    remove(...args);
  };
  return { signal, listeners: () => listeners.size };
}

describeOnEachBackend('after 20 photos, nothing is left of', () => {
  const model = (x: tf.Tensor) => tf.sum(tf.pow(x, 3), [1, 2]);
  const photo = (nth: number) => tf.randomNormal([1, 3, 4], 0, 1, 'float32', nth);
  type Start = (x: tf.Tensor, signal: AbortSignal) => AsyncGenerator<SmoothingStep>;
  const RUNS: [string, Start][] = [
    [
      'the one step asked for, at the last sample',
      (x, signal) => smoothGradSteps(model, x, 0, { samples: 3, at: [3], signal }),
    ],
    [
      'the step that was reliable enough',
      (x, signal) => smoothGradSteps(model, x, 0, { until: 0.01, at: [2], seed: 1, signal }),
    ],
    [
      'the one step of another method',
      (x, signal) =>
        smooth(integratedGradients).steps(model, x, 0, { samples: 2, at: [2], steps: 2, signal }),
    ],
    [
      'its standard error',
      (x, signal) =>
        smoothGradSteps(model, x, 0, { samples: 4, at: [4], standardError: true, signal }),
    ],
  ];

  test.each(RUNS)('%s', async (_, start) => {
    const before = tf.memory();
    const { signal, listeners } = countedSignal();
    for (let nth = 1; nth <= PHOTOS; nth++) {
      const x = photo(nth);
      const step = await start(x, signal).next();
      const { map, standardError } = step.value as SmoothingStep;
      tf.dispose([x, map, ...(standardError === undefined ? [] : [standardError])]);
    }
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    expect([numTensors, numDataBuffers, numBytes]).toEqual([
      before.numTensors,
      before.numDataBuffers,
      before.numBytes,
    ]);
    expect(listeners()).toBe(0);
  });

  test('generators that were never asked', () => {
    const before = tf.memory().numTensors;
    const x = photo(1);
    for (let nth = 1; nth <= PHOTOS; nth++) void smoothGradSteps(model, x, 0);
    x.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
