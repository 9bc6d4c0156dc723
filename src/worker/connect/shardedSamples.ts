/**
 * The samples of one run, shared between workers.
 *
 * A worker takes the next chunk when it is free, so slow workers get fewer. Chunks are merged in
 * the order of their numbers, so the map does not depend on the number of workers.
 */
import { abortReason } from '../../run/abort.js';
import type { ClassIndex } from '../../score/classIndex.js';
import type { Samples } from '../../smoothing/samples.js';
import type { View } from '../../smoothing/view.js';
import type { ArrayTensor, Chunk, OpenedRun } from '../protocol.js';
import { chunksOf } from './chunks.js';
import type { PlannedChunk } from './chunks.js';
import { newId } from './connection.js';
import type { Connection } from './connection.js';
import { MergedRun } from './mergedRun.js';
import { OrderedQueue } from './orderedQueue.js';

/** Chunks that a worker has been asked for: one to compute, and one to go on with at once. */
const IN_FLIGHT = 2;
/** Chunks per worker that may be waiting for one of a slower worker. */
const AHEAD = 8;

export interface SharingPlan {
  readonly total: number;
  readonly at: readonly number[] | undefined;
  readonly until: number | undefined;
  readonly isVariance: boolean;
  readonly antithetic: boolean;
  readonly standardError: boolean;
}

interface Shard {
  readonly connection: Connection;
  readonly open: Promise<OpenedRun>;
}

export class ShardedSamples<Map> implements Samples<Map> {
  /** When the first worker had opened the run: models may take long to load. */
  start = performance.now();
  done = 0;
  private readonly id = newId();
  private readonly shards: readonly Shard[];
  private readonly queue = new OrderedQueue<{ chunk: Chunk; planned: PlannedChunk }>();
  private readonly merged: MergedRun;
  private chunks: Iterator<PlannedChunk, void, undefined> | undefined;
  private isClosed = false;

  /**
   * @param ask opens the run in a worker
   * @param wrap makes a map of its numbers
   * @param onDispose called once, when nothing is asked of the workers any more
   */
  constructor(
    connections: readonly Connection[],
    private readonly plan: SharingPlan,
    ask: (connection: Connection, id: string) => Promise<OpenedRun>,
    private readonly wrap: (map: ArrayTensor) => Map,
    private readonly onDispose: () => void,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.merged = new MergedRun(plan.isVariance);
    if (signal?.aborted === true) this.abort();
    signal?.addEventListener('abort', this.abort);
    this.shards = connections.map((connection) => ({
      connection,
      open: ask(connection, this.id),
    }));
    for (const { connection, open } of this.shards) {
      open.then(
        ({ samplesPerPass }) => {
          this.beginWork(connection, samplesPerPass);
        },
        (error: unknown) => {
          this.queue.fail(error);
        },
      );
    }
  }

  private readonly abort = (): void => {
    this.queue.fail(abortReason(this.signal!));
  };

  private beginWork(connection: Connection, samplesPerPass: number): void {
    const { antithetic, standardError } = this.plan;
    if (this.chunks === undefined) {
      this.start = performance.now();
      this.chunks = chunksOf({ ...this.plan, samplesPerPass, pairs: antithetic && standardError });
    }
    for (let i = 0; i < IN_FLIGHT; i++) void this.work(connection);
  }

  /** Asks a worker for chunk after chunk, as long as there are any. */
  private async work(connection: Connection): Promise<void> {
    for (;;) {
      await this.queue.room(AHEAD * this.shards.length);
      if (this.isClosed) return;
      const { value: planned } = this.chunks!.next();
      if (planned === undefined) return;
      const { first, count } = planned;
      const deliver = this.queue.slot();
      try {
        const chunk = await connection.call((service) => service.samples(this.id, first, count));
        deliver({ value: { chunk, planned } });
      } catch (error) {
        deliver({ error });
        return;
      }
    }
  }

  /** Merges the samples of one more pass. */
  async advance(): Promise<void> {
    for (let ends = false; !ends;) {
      const { chunk, planned } = await this.queue.next();
      this.merged.add(chunk);
      this.done += planned.count;
      ends = planned.endsPass;
    }
  }

  map(): Map {
    return this.wrap(this.merged.map());
  }

  standardError(): Map {
    return this.wrap(this.merged.standardError(this.plan.antithetic));
  }

  reliabilities(view: View | undefined): Promise<readonly number[]> {
    return this.merged.reliabilities(view as View<ArrayTensor> | undefined);
  }

  classIndex(): Promise<ClassIndex> {
    return Promise.resolve(this.merged.classIndex);
  }

  /** Ends the run in the workers, within one pass. */
  dispose(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.signal?.removeEventListener('abort', this.abort);
    this.queue.close();
    for (const { connection, open } of this.shards) {
      const end = open.then(() => connection.call((service) => service.end(this.id)));
      end.catch(() => undefined); // a worker that has died has nothing to end
    }
    this.onDispose();
  }
}
