/**
 * Reports that a model cannot be differentiated with respect to its input.
 *
 * Its message names the op, the backend and the way out.
 */
export class GradientError extends Error {
  override readonly name = 'GradientError';
  /** The kernel (tfjs's name of an op) at which the gradient ends, if it is known. */
  readonly op: string | undefined;

  constructor(message: string, options: { op?: string | undefined; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.op = options.op;
  }
}
