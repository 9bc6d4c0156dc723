/**
 * The target of each row of a batch, for a pass of the model.
 *
 * Letters: n images, k outputs of the model, m explained classes per image, r rows; row i belongs
 * to image `imageOf[i]`.
 */
import { gather, reshape, tensor1d } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { checkClassCount, oneHotOfGreatest, weightsOf } from './classIndex.js';
import type { Target } from './classIndex.js';
import { classCountOf } from './outputs.js';

export interface RowTarget {
  /** The function to name in errors. */
  readonly caller: string;
  readonly target: Target;
  readonly imageOf: readonly number[];
  /**
   * [n, k]: for 'argmax', the one-hot classes predicted for the clean images; undefined if each row
   * asks for its own.
   */
  readonly predicted: Tensor2D | undefined;
}

/** The model's output as [r, k]. */
export function asRows(output: Tensor, { caller, imageOf }: RowTarget): Tensor2D {
  return reshape(output, [imageOf.length, classCountOf(caller, output, imageOf.length)]);
}

/** For each explained class, the weights of the outputs in each row's score: m tensors [r, k]. */
export function weightsFor(
  outputs: Tensor2D,
  { caller, target, imageOf, predicted }: RowTarget,
): Tensor2D[] {
  const { terms } = target;
  if (terms !== undefined) {
    const classCount = outputs.shape[1];
    checkClassCount(caller, target, classCount);
    return terms.map((perImage) =>
      weightsOf(
        imageOf.map((image) => perImage[image]!),
        classCount,
      ),
    );
  }
  return [
    predicted === undefined
      ? oneHotOfGreatest(outputs)
      : gather(predicted, tensor1d([...imageOf], 'int32')),
  ];
}
