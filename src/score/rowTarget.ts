/**
 * The target of each row of a batch, for a pass of the model.
 *
 * Letters: n images, k outputs of the model, m explained classes per image, r rows; row i belongs
 * to image `imageOf[i]`.
 */
import {
  argMax,
  cast,
  gather,
  less,
  oneHot,
  onesLike,
  reshape,
  tensor1d,
  tidy,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { checkClassCount, weightsOf } from './classIndex.js';
import type { Target } from './classIndex.js';
import type { Head } from './head.js';
import { classCountOf } from './outputs.js';

export interface RowTarget {
  readonly target: Target;
  readonly imageOf: readonly number[];
  /**
   * [n, k]: for 'argmax', the weights of the classes predicted for the clean images; undefined if
   * each row asks for its own.
   */
  readonly predicted: Tensor2D | undefined;
  /** Called with the weights [r, k] where each row asks for its own. */
  readonly onPredicted?: ((weights: Tensor2D) => void) | undefined;
}

/** Reshapes the model's output to [r, k]. */
export function asRows(output: Tensor, { imageOf }: RowTarget): Tensor2D {
  return reshape(output, [imageOf.length, classCountOf(output, imageOf.length)]);
}

/** Computes the weights of the outputs in each row's score: m tensors [r, k]. */
export function weightsFor(
  outputs: Tensor2D,
  head: Head | undefined,
  { target, imageOf, predicted, onPredicted }: RowTarget,
): Tensor2D[] {
  const { terms } = target;
  if (terms === undefined) {
    if (predicted !== undefined) return [gather(predicted, tensor1d([...imageOf], 'int32'))];
    const weights = predictedWeights(outputs, head);
    onPredicted?.(weights);
    return [weights];
  }
  const classCount = outputs.shape[1];
  checkClassCount(target, classCount);
  return terms.map((perImage) => {
    const rows = imageOf.map((image) => perImage[image]!);
    return weightsOf(rows, classCount);
  });
}

/** Weights each row's greatest output by 1, the "no" of a single sigmoid by -1: [n, k]. */
export function predictedWeights(outputs: Tensor2D, head: Head | undefined): Tensor2D {
  const [, classCount] = outputs.shape;
  return tidy(() => {
    if (classCount > 1) {
      return cast(oneHot(argMax(outputs, 1) as Tensor1D, classCount), 'float32') as Tensor2D;
    }
    if (head?.kind !== 'sigmoid') return onesLike(outputs);
    return where(less(outputs, 0.5), -1, onesLike(outputs));
  });
}
