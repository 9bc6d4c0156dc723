/**
 * A run of SmoothGrad whose samples are shared out between workers: each takes the next chunk when
 * it has room for one, so that a slow one gets fewer, and they are merged in the order of their
 * numbers, so that the map is the same however many workers there are.
 */
import { progressOf } from '../../method/smoothing/longRunOptions.js';
import type { SmoothingProgress } from '../../method/smoothing/longRunOptions.js';
import { turn } from '../../method/smoothing/turn.js';
import { chunksOf } from './chunks.js';
import type { PlannedChunk } from './chunks.js';
import { newId } from './connection.js';
import type { Connection } from './connection.js';
import { Mailbox } from './mailbox.js';
import { MergedRun } from './mergedRun.js';
import type { ArrayTensor, Chunk, OpenedRun } from '../protocol.js';

/** Chunks that a worker has been asked for: one to compute, and one to go on with at once. */
const IN_FLIGHT = 2;
/** Chunks per worker that may be waiting for one of a slower worker. */
const AHEAD = 8;

export interface SplitRunOptions {
  readonly total: number;
  readonly at: readonly number[] | undefined;
  readonly until: number | undefined;
  readonly method: string;
  readonly isVariance: boolean;
  readonly antithetic: boolean;
  readonly standardError: boolean;
}

interface Part {
  readonly connection: Connection;
  readonly open: Promise<OpenedRun>;
}

export class SplitRun {
  private readonly id = newId();
  private readonly parts: readonly Part[];
  private readonly mailbox = new Mailbox<{ chunk: Chunk; planned: PlannedChunk }>();
  private readonly merged: MergedRun;
  /** When the first worker had opened the run: models may take long to load. */
  private start = 0;
  private chunks: Iterator<PlannedChunk, void, undefined> | undefined;
  private closed = false;
  private done = 0;

  /** @param ask opens the run in a worker */
  constructor(
    connections: readonly Connection[],
    private readonly options: SplitRunOptions,
    ask: (connection: Connection, id: string) => Promise<OpenedRun>,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.merged = new MergedRun(options.isVariance, options.method);
    if (signal?.aborted === true) this.abort();
    signal?.addEventListener('abort', this.abort);
    this.parts = connections.map((connection) => ({ connection, open: ask(connection, this.id) }));
    for (const { connection, open } of this.parts) {
      open.then(
        ({ samplesPerPass }) => {
          if (this.chunks === undefined) this.start = performance.now();
          this.chunks ??= chunksOf({
            ...options,
            samplesPerPass,
            pairs: options.antithetic && options.standardError,
          });
          for (let i = 0; i < IN_FLIGHT; i++) void this.work(connection);
        },
        (error: unknown) => {
          this.mailbox.fail(error);
        },
      );
    }
  }

  private readonly abort = (): void => {
    this.mailbox.fail(this.signal!.reason);
  };

  /** Asks a worker for chunk after chunk, as long as there are any. */
  private async work(connection: Connection): Promise<void> {
    for (;;) {
      await this.mailbox.room(AHEAD * this.parts.length);
      if (this.closed) return;
      const { value: planned } = this.chunks!.next();
      if (planned === undefined) return;
      const { first, count } = planned;
      const deliver = this.mailbox.slot();
      try {
        const chunk = await connection.call((service) => service.samples(this.id, first, count));
        deliver({ value: { chunk, planned } });
      } catch (error) {
        deliver({ error });
        return;
      }
    }
  }

  /** Merges the samples of one more pass, and gives the event loop a turn. */
  async advance(withReliability: boolean): Promise<SmoothingProgress & { finished: boolean }> {
    for (let ends = false; !ends;) {
      const { chunk, planned } = await this.mailbox.next();
      this.merged.add(chunk);
      this.done += planned.count;
      ends = planned.endsPass;
    }
    await turn();
    this.signal?.throwIfAborted();
    const { total, until } = this.options;
    const reliabilities = withReliability ? this.merged.reliabilities() : [0];
    const progress = progressOf(this.done, total, reliabilities, this.start);
    const finished = this.done >= total || (until !== undefined && progress.reliability >= until);
    return { ...progress, finished };
  }

  get samplesDone(): number {
    return this.done;
  }

  map(): ArrayTensor {
    return this.merged.map();
  }

  standardError(): ArrayTensor {
    return this.merged.standardError(this.options.antithetic);
  }

  /** Ends the run in the workers, within one pass. */
  close(): void {
    this.closed = true;
    this.signal?.removeEventListener('abort', this.abort);
    this.mailbox.close();
    for (const { connection, open } of this.parts) {
      const end = open.then(() => connection.call((service) => service.end(this.id)));
      end.catch(() => undefined); // a worker that has died has nothing to end
    }
  }
}
