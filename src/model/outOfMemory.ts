/** Recognises the errors that backends throw when their memory ends. */
import { engine, memory } from '@tensorflow/tfjs-core';
import { toBeNamed } from '../inFunction.js';
import { weightBytes } from './model.js';
import type { Model } from './model.js';
import { OutOfMemoryError } from './outOfMemoryError.js';
import { isHeapDamage } from './wasmHeap.js';

const MESSAGES = [
  /out of memory/i,
  /\bOOM\b/, // tfjs-node: OOM when allocating tensor
  /Array buffer allocation failed/, // V8: cpu, and what any backend reads back
  /(Unable to|Failed to) (create|allocate) (WebGL)?texture/i, // webgl
  /Requested texture size .* greater than WebGL maximum/,
  /createBuffer failed|Failed to allocate memory for buffer/, // webgpu
];

/**
 * Tells whether V8 refused a length beyond its limit (2^30 or more).
 *
 * It uses the same words for a view that is longer than its buffer, which is a broken model's
 * fault.
 */
function isTooLongAnArray(message: string): boolean {
  const [, length] = /Invalid typed array length: (\d+)/.exec(message) ?? [];
  return length !== undefined && Number(length) >= 2 ** 30 - 1;
}

/**
 * Tells whether a backend could not allocate, so that a smaller batch may fit.
 *
 * A lost WebGL context is not taken as such.
 */
export function isOutOfMemory(error: unknown): boolean {
  if (isContextLost()) return false;
  const message = (error as Partial<Error> | null | undefined)?.message;
  return (
    isHeapDamage(error) ||
    (typeof message === 'string' &&
      (isTooLongAnArray(message) || MESSAGES.some((pattern) => pattern.test(message))))
  );
}

function isContextLost(): boolean {
  const { gpgpu } = engine().backend as { gpgpu?: { gl?: { isContextLost?: () => boolean } } };
  return gpgpu?.gl?.isContextLost?.() === true;
}

/** Makes the error, which names the batch, the sizes and the way out. */
export function outOfMemory(
  model: Model,
  batchSize: number,
  fixed: boolean,
  cause: unknown,
): OutOfMemoryError {
  const weights = weightBytes(model);
  const size =
    weights === undefined
      ? `all tensors of the application have ${megabytes(memory().numBytes)}`
      : `the model's weights have ${megabytes(weights)}`;
  const backend = `backend '${engine().backendName}'`;
  const batch = fixed ? `the model's fixed batch of ${batchSize}` : `a batch of ${batchSize}`;
  const message = isHeapDamage(cause)
    ? `${backend} broke off (${(cause as Error).message}) at ${batch}, as it does when its memory ends (${size}); what it ` +
      `computes from now on cannot be trusted: start a new process, worker or page, with a smaller batchSize or input`
    : `${backend} has too little memory for ${batch} (${size}); dispose what is no longer needed, or use a smaller ` +
      `input or model, or another backend`;
  return toBeNamed(new OutOfMemoryError(message, { batchSize, cause }));
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
