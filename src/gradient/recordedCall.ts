/** An entry of the tape: a kernel that depends on the model's input, and its saved values. */
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { toBeNamed } from '../inFunction.js';
import { engine, share } from './engine.js';
import { GradientError } from './gradientError.js';
import type { Operand } from './rule.js';
import type { Kernels } from '../kernels/index.js';
import type { RunCache } from './runCache.js';
import type { Tape } from './tape.js';

/** What the rules compute with. */
export interface Resources {
  readonly cache: RunCache;
  readonly kernels: Kernels | undefined;
  /** The pass that the call is part of. */
  readonly tape: Tape;
}

/** Gradients by input name. */
export type InputGradients = Record<string, Tensor>;

export abstract class RecordedCall {
  private readonly saved: Tensor[] = [];

  constructor(
    readonly kernel: string,
    readonly attrs: NamedAttrMap,
    readonly inputs: ReadonlyMap<string, Operand>,
    readonly outputs: readonly Operand[],
  ) {}

  /**
   * Computes the gradients with respect to some inputs, in the surrounding tidy.
   * @param dys the gradients with respect to the outputs; undefined where nothing depends on it
   */
  abstract backward(
    dys: readonly (Tensor | undefined)[],
    names: readonly string[],
    resources: Resources,
  ): InputGradients;

  /** Returns the saved value of an input, or of the first one saved; undefined if none was. */
  savedInput(name?: string): Tensor | undefined;
  savedInput(): Tensor | undefined {
    return undefined;
  }

  protected save(tensor: Tensor): Tensor {
    const shared = share(tensor);
    this.saved.push(shared);
    return shared;
  }

  dependsOnInput(name: string): boolean {
    return this.inputs.get(name)?.dependsOnInput === true;
  }

  release(): void {
    for (const tensor of this.saved.splice(0)) tensor.dispose();
  }
}

/**
 * A kernel without a known gradient.
 *
 * It throws only if the score depends on it: an unused output head may contain any kernel.
 */
export class UnknownCall extends RecordedCall {
  backward(): InputGradients {
    throw noGradient(this.kernel, this.kernel);
  }
}

/** A kernel whose numbers do not change with a small change of its input. */
export class ConstantCall extends RecordedCall {
  backward(): InputGradients {
    return {};
  }
}

/** Makes the error of a missing gradient. */
export function noGradient(what: string, op: string): GradientError {
  return toBeNamed(
    new GradientError(
      `the gradient of ${what} is not known on backend '${engine().backendName}': ` +
        `give one with the option gradients, give that part of the model one with tf.customGrad, ` +
        `or choose an output before it`,
      { op },
    ),
  );
}
