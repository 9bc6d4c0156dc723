/** Makes batches for the model of what callers pass as input. */
import { cast, reshape, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor, describe, isTensor } from '../checks.js';
import { toBeNamed } from '../inFunction.js';
import { hasBatchDimension } from '../preprocessing/image.js';
import type { ImageInput } from '../preprocessing/image.js';
import type { Preprocessing } from '../preprocessing/preprocessing.js';
import type { TensorSpec } from './model.js';

export interface Batch {
  /** float32 [n, ...], owned by the caller of `toBatch`. */
  readonly x: Tensor;
  /** Whether the input had a batch dimension, so that results get one. */
  readonly isBatched: boolean;
}

/**
 * Makes the batch that the model takes.
 * @param input a tensor in the model's scale, with or without its batch dimension; with a preset,
 * an RGB image
 * @param spec what is known of the model's input
 */
export function toBatch(
  input: Tensor | ImageInput,
  spec: TensorSpec,
  preprocess: Preprocessing | undefined,
): Batch {
  if (preprocess !== undefined) {
    const x = preprocess.preprocess(input);
    try {
      checkShape(x.shape, spec, `the input after preprocessing with ${preprocess.name}`);
    } catch (error) {
      x.dispose();
      throw error;
    }
    return { x, isBatched: hasBatchDimension(input) };
  }
  if (!isTensor(input) && isImage(input)) {
    throw toBeNamed(
      new TypeError(
        `input must be a tensor, got ${describe(input)}; ` +
          `for an image give the option preprocess too, a preset such as mobilenetV2`,
      ),
    );
  }
  checkTensor('input', input);
  const { shape } = spec;
  const isBatched = shape === undefined ? input.rank > 1 : input.rank === shape.length;
  const batchShape = isBatched ? input.shape : [1, ...input.shape];
  checkShape(batchShape, spec, 'input', input.shape);
  if (input.size === 0) {
    const shown = input.shape.join(', ');
    throw toBeNamed(new RangeError(`input must not be empty, got shape [${shown}]`));
  }
  return { x: tidy(() => reshape(cast(input, 'float32'), batchShape)), isBatched };
}

/** Tells whether a value looks like pixels or like something that a browser draws. */
function isImage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'width' in value && 'height' in value;
}

function checkShape(
  batch: number[],
  { shape }: TensorSpec,
  argument: string,
  inputShape: number[] = batch,
): void {
  if (shape === undefined) return;
  const isAny = (size: number | null | undefined) => size == null || size < 0;
  const fits =
    batch.length === shape.length &&
    shape.every((size, i) => i === 0 || isAny(size) || size === batch[i]);
  if (fits) return;
  const lengths = shape.slice(1).map((size) => (isAny(size) ? '?' : String(size)));
  throw toBeNamed(
    new RangeError(
      `${argument} must have shape [${['n', ...lengths].join(', ')}] or [${lengths.join(', ')}], ` +
        `got [${inputShape.join(', ')}]`,
    ),
  );
}
