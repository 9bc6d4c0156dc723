/**
 * Reports that a single input, or a model's fixed batch, does not fit into the backend's memory.
 *
 * Also thrown when the wasm backend has crashed, after which its results cannot be trusted. The
 * message names the batch, the model's size and the way out.
 */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';
  /** The number of inputs in the pass that did not fit. */
  readonly batchSize: number;

  constructor(message: string, options: { batchSize: number; cause?: unknown }) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.batchSize = options.batchSize;
  }
}
