/** From what the caller gives as input to the batch that the model takes. */
import { cast, reshape, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor } from '../arguments.js';
import { hasBatchDimension } from '../preprocessing/image.js';
import type { ImageInput } from '../preprocessing/image.js';
import type { Preprocessing } from '../preprocessing/preprocessing.js';
import { inputSpec } from './model.js';
import type { Model } from './model.js';

export interface Batch {
  /** float32 [n, ...], owned by the caller of `toBatch`. */
  readonly x: Tensor;
  /** Whether the input had a batch dimension, so that results get one. */
  readonly batched: boolean;
}

/**
 * @param input a tensor in the model's scale, with or without its batch dimension; with a preset,
 * an RGB image
 */
export function toBatch(
  caller: string,
  model: Model,
  input: unknown,
  preprocess: Preprocessing | undefined,
): Batch {
  if (preprocess !== undefined) {
    const image = input as ImageInput;
    const x = preprocess.preprocess(image);
    try {
      checkShape(caller, x.shape, model, `the input after preprocessing with ${preprocess.name}`);
    } catch (error) {
      x.dispose();
      throw error;
    }
    return { x, batched: hasBatchDimension(image) };
  }
  checkTensor(caller, 'input', input);
  const { shape } = inputSpec(model);
  const batched = shape === undefined ? input.rank > 1 : input.rank === shape.length;
  const batchShape = batched ? input.shape : [1, ...input.shape];
  checkShape(caller, batchShape, model, 'input', input.shape);
  if (input.size === 0)
    throw new RangeError(
      `${caller}: input must not be empty, got shape [${input.shape.join(', ')}]`,
    );
  return { x: tidy(() => reshape(cast(input, 'float32'), batchShape)), batched };
}

function checkShape(
  caller: string,
  batch: number[],
  model: Model,
  argument: string,
  given = batch,
): void {
  const { shape } = inputSpec(model);
  if (shape === undefined) return;
  const fits =
    batch.length === shape.length &&
    shape.every((size, i) => i === 0 || size == null || size < 0 || size === batch[i]);
  if (fits) return;
  const expected = shape.map((size, i) =>
    i === 0 ? 'n' : size == null || size < 0 ? '?' : String(size),
  );
  throw new RangeError(
    `${caller}: ${argument} must have shape [${expected.join(', ')}] or [${expected.slice(1).join(', ')}], ` +
      `got [${given.join(', ')}]`,
  );
}
