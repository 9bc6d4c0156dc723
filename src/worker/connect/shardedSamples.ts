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
import type { OpenedRun } from '../protocol.js';
import { chunksOf } from './chunks.js';
import type { PlannedChunk } from './chunks.js';
import { newId } from './connection.js';
import type { Connection } from './connection.js';
import { OrderedQueue } from './orderedQueue.js';

/** Chunks that a worker has been asked for: one to compute, and one to go on with at once. */
const IN_FLIGHT = 2;
/** Chunks per worker that may be waiting for one of a slower worker. */
const AHEAD = 8;

export interface SharingPlan {
  readonly total: number;
  readonly at: readonly number[] | undefined;
  /** Whether averages of antithetic pairs are wanted. */
  readonly pairs: boolean;
  /** Whether someone is told after each pass, so that a chunk may not be longer. */
  readonly isWatched: boolean;
}

/** What is done with the chunks, which come in the order of their numbers. */
export interface Merger<Map, Piece> {
  /** Asks a worker for samples `first` ... `first + count - 1`. */
  ask(connection: Connection, id: string, first: number, count: number): Promise<Piece>;
  add(piece: Piece, count: number): void | Promise<void>;
  map(): Map;
  standardError(): Map;
  /**
   * Estimates the reliability of each map, 0 to 1.
   * @param view of what of the map; undefined for the map itself
   */
  reliabilities(view: View | undefined): Promise<readonly number[]>;
  /** Returns the class index of the call, with 'argmax' as numbers once there is a sample. */
  classIndex(): ClassIndex;
}

interface Shard {
  readonly connection: Connection;
  readonly open: Promise<OpenedRun>;
}

export class ShardedSamples<Map, Piece> implements Samples<Map> {
  /** When the first worker had opened the run: models may take long to load. */
  start = performance.now();
  done = 0;
  private readonly shards: readonly Shard[];
  private readonly queue = new OrderedQueue<{ piece: Piece; planned: PlannedChunk }>();
  private chunks: Iterator<PlannedChunk, void, undefined> | undefined;
  private isClosed = false;

  /**
   * @param open opens the run in a worker
   * @param onDispose called once, when nothing is asked of the workers any more
   */
  constructor(
    connections: readonly Connection[],
    private readonly plan: SharingPlan,
    open: (connection: Connection, id: string) => Promise<OpenedRun>,
    private readonly merger: Merger<Map, Piece>,
    private readonly onDispose: () => void,
    private readonly signal: AbortSignal | undefined,
    /** What the workers know the run by. */
    private readonly id = newId(),
  ) {
    if (signal?.aborted === true) this.abort();
    signal?.addEventListener('abort', this.abort);
    this.shards = connections.map((connection) => ({
      connection,
      open: open(connection, this.id),
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
    if (this.chunks === undefined) {
      this.start = performance.now();
      this.chunks = chunksOf({ ...this.plan, samplesPerPass });
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
        const piece = await this.merger.ask(connection, this.id, first, count);
        deliver({ value: { piece, planned } });
      } catch (error) {
        deliver({ error });
        return;
      }
    }
  }

  /** Merges the samples of one more pass. */
  async advance(): Promise<void> {
    for (let ends = false; !ends;) {
      const { piece, planned } = await this.queue.next();
      await this.merger.add(piece, planned.count);
      this.done += planned.count;
      ends = planned.endsPass;
    }
  }

  map(): Map {
    return this.merger.map();
  }

  standardError(): Map {
    return this.merger.standardError();
  }

  reliabilities(view: View | undefined): Promise<readonly number[]> {
    return this.merger.reliabilities(view);
  }

  classIndex(): Promise<ClassIndex> {
    return Promise.resolve(this.merger.classIndex());
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
