/** In the worker: its part of a run of smoothing, chunk of samples by chunk. */
import { inFunction } from '../../inFunction.js';
import { attributionOptions } from '../../method/attributionOptions.js';
import { checkKnown } from '../../options.js';
import { throwIfAborted } from '../../run/abort.js';
import { yieldToEventLoop } from '../../run/yieldToEventLoop.js';
import type { ClassIndex } from '../../score/classIndex.js';
import { longRunOptions, stepsOptions } from '../../smoothing/convergenceOptions.js';
import type { LocalSamples } from '../../smoothing/localSamples.js';
import { openSamples } from '../../smoothing/smooth.js';
import { smoothingOptions } from '../../smoothing/smoothingOptions.js';
import type { Chunk, OpenedRun, SmoothCall } from '../protocol.js';
import { methodCalled } from './compute.js';
import { decodeInput, decodeOptions } from './decode.js';
import type { LoadedModel } from './models.js';

export class SampleRun {
  private readonly samples: LocalSamples;
  private readonly caller: string;
  private readonly ended = new AbortController();
  /** The chunks that were asked for so far. */
  private queue: Promise<unknown> = Promise.resolve();
  private shape: number[] | undefined;

  constructor(call: SmoothCall, loaded: LoadedModel) {
    this.caller = call.caller;
    this.samples = inFunction(call.caller, () => open(call, loaded));
  }

  get opened(): OpenedRun {
    return { samplesPerPass: this.samples.samplesPerPass };
  }

  /**
   * Computes samples `first` to `first + count - 1`, after the chunks that were asked for before.
   */
  chunk(first: number, count: number): Promise<Chunk> {
    const chunk = this.queue.then(() => inFunction(this.caller, () => this.compute(first, count)));
    this.queue = chunk.catch(() => undefined);
    return chunk;
  }

  private async compute(first: number, count: number): Promise<Chunk> {
    const { samples } = this;
    const check = (): void => {
      throwIfAborted(this.ended.signal);
    };
    for (samples.restart(first); samples.done < first + count;) {
      await yieldToEventLoop(); // the run may have been closed in the meantime
      check();
      await samples.advance(first + count, check);
    }
    if (this.shape === undefined) {
      const map = samples.map();
      this.shape = map.shape;
      map.dispose();
    }
    const { classes, images } = samples.context;
    return {
      moments: await samples.moments(),
      maps: classes * images,
      shape: this.shape,
      classIndex: await samples.classIndex(),
    };
  }

  /** Ends the run within one pass and frees it. */
  async close(): Promise<void> {
    if (this.ended.signal.aborted) return;
    this.ended.abort(CANCELLED);
    await this.queue;
    this.samples.dispose();
  }
}

/** The reason of what was ended from the other side. Never reported: it has stopped waiting. */
export const CANCELLED = new Error('cancelled');

function open(
  { method: name, input, classIndex, options, total, inSteps }: SmoothCall,
  { model, preprocess, score, noise, inputSpec, gradients }: LoadedModel,
): LocalSamples {
  const method = methodCalled(name);
  const decoded = decodeOptions(options, { preprocess, score, noise, inputSpec, gradients }).value;
  const long = inSteps ? stepsOptions : longRunOptions;
  checkKnown(decoded, attributionOptions, method.options!, smoothingOptions, long);
  const decodedInput = decodeInput(input);
  try {
    const { standardError = false } = decoded as { standardError?: boolean };
    const all = { ...decoded, samples: total };
    const index = classIndex as ClassIndex;
    return openSamples(method, model, decodedInput.value, index, all, standardError);
  } finally {
    decodedInput.dispose();
  }
}
