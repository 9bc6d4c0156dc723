/** The gradient with respect to the model's input, which most methods use. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { toBeNamed } from '../inFunction.js';
import { backward } from './backward.js';
import type { OutputGradient } from './backward.js';
import { engine } from './engine.js';
import { GradientError } from './gradientError.js';
import type { RunCache } from './runCache.js';
import type { Tape } from './tape.js';

/**
 * Computes the gradient of each score with respect to the tape's input.
 *
 * It uses up the tape. Call it inside a tidy.
 * @returns one tensor of the input's shape for each output gradient
 * @throws GradientError if a score does not depend on the input, or an op in between has no
 * gradient
 */
export function inputGradients(
  tape: Tape,
  outputGradients: readonly OutputGradient[],
  cache: RunCache,
): Tensor[] {
  const { id } = tape.input;
  return outputGradients.map((start, i) => {
    const isLast = i === outputGradients.length - 1;
    const gradient = backward(tape, start, [id], cache, isLast).get(id);
    if (gradient === undefined) throw unconnected(tape);
    return gradient;
  });
}

/** Makes the error of a score that does not depend on the input. */
export function unconnected({ blockedBy }: Tape): GradientError {
  const kernels = [...blockedBy].join(', ');
  const why =
    blockedBy.size > 0
      ? `every path between them ends in an op without a gradient (${kernels})`
      : 'the model does not use it, or computes outside of tfjs ops ' +
        '(dataSync, a canvas, another library)';
  return toBeNamed(
    new GradientError(
      `the score does not depend on the input on backend '${engine().backendName}': ${why}; ` +
        `return a value that tfjs ops compute from the input${castHint(blockedBy)}`,
    ),
  );
}

/** Explains a cast to int32, which ends the gradient before an embedding or an int32 model. */
function castHint(blockedBy: ReadonlySet<string>): string {
  if (!blockedBy.has('Cast')) return '';
  return (
    '; ids have no gradient: explain from the output of their embedding (the option output, or a ' +
    "function that begins there); for a model of int32 inputs give inputSpec: { dtype: 'int32' }"
  );
}
