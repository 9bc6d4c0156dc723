/** In the worker: its part of a run of SmoothGrad, chunk of samples by chunk. */
import { openRun } from '../../method/smoothing/longRun.js';
import type { OpenRun } from '../../method/smoothing/longRun.js';
import { LONG_RUN_OPTIONS, STEPS_OPTIONS } from '../../method/smoothing/longRunOptions.js';
import { methodOf } from '../../method/method.js';
import { turn } from '../../method/smoothing/turn.js';
import { vanillaGradient } from '../../method/vanillaGradient.js';
import type { VanillaGradientOptions } from '../../method/vanillaGradient.js';
import { withTurns } from '../../method/smoothing/withTurns.js';
import type { ClassIndex } from '../../target/classIndex.js';
import type { LoadedModel } from './models.js';
import { receivedInput, receivedOptions } from './received.js';
import type { Chunk, OpenedRun, SplitRequest } from '../protocol.js';

/** Told to nobody: the other side has gone on. */
export const ENDED = 'ended';

export class PartialRun {
  private readonly open: OpenRun;
  /** The chunks that were asked for so far. */
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;
  private shape: number[] | undefined;

  constructor(
    { method, input, classIndex, options, total }: SplitRequest,
    { model, preprocess, score, noise }: LoadedModel,
  ) {
    const extra = method === 'smoothGrad' ? LONG_RUN_OPTIONS : STEPS_OPTIONS;
    const smoothed = methodOf<VanillaGradientOptions>(vanillaGradient)!;
    const given = receivedInput(input);
    const own = receivedOptions(method, options, { preprocess, score, noise }).options;
    try {
      const index = classIndex as ClassIndex;
      this.open = openRun(method, smoothed, model, given.input, index, own, total, extra);
    } finally {
      given.dispose();
    }
  }

  get opened(): OpenedRun {
    return { samplesPerPass: this.open.run.samplesPerPass };
  }

  samples(first: number, count: number): Promise<Chunk> {
    const chunk = this.queue.then(() => this.compute(first, count));
    this.queue = chunk.catch(() => undefined);
    return chunk;
  }

  private async compute(first: number, count: number): Promise<Chunk> {
    const { run, subject } = this.open;
    const check = (): void => {
      if (this.closed) throw new Error(ENDED);
    };
    for (run.restart(first); run.samplesDone < first + count;) {
      await turn(); // the run may have been closed in the meantime
      check();
      await withTurns(run.next(first + count), check);
    }
    await run.checkFiniteLater();
    if (this.shape === undefined) {
      const map = run.map();
      ({ shape: this.shape } = map);
      map.dispose();
    }
    return {
      moments: await run.moments(),
      maps: subject.classes * subject.images,
      shape: this.shape,
    };
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.queue;
    this.open.dispose();
  }
}
