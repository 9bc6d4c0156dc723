/** Workers that are started when they are needed, and anew when they have died. */
import { Connection } from './connection.js';
import type { SaliencyWorker } from '../endpoint.js';

export class Pool {
  private readonly connections: (Connection | undefined)[];
  private closed = false;

  constructor(
    private readonly start: () => SaliencyWorker,
    size: number,
    /** Whether `start` gives a new worker each time. */
    private readonly restarts: boolean,
    private readonly startTimeout: number,
  ) {
    this.connections = Array.from({ length: size }, () => undefined);
  }

  get size(): number {
    return this.connections.length;
  }

  /** Picks the first connection of those with the fewest calls under way. */
  leastBusy(): Connection {
    const loads = this.connections.map((connection) => connection?.load ?? 0);
    return this.at(loads.indexOf(Math.min(...loads)));
  }

  all(): Connection[] {
    return this.connections.map((_, i) => this.at(i));
  }

  /** Lists the living connections, without starting any. */
  living(): Connection[] {
    return this.connections.filter(
      (connection) => connection !== undefined && connection.death === undefined,
    ) as Connection[];
  }

  private at(index: number): Connection {
    if (this.closed) throw closedError();
    const before = this.connections[index];
    if (before !== undefined && (before.death === undefined || !this.restarts)) return before;
    return (this.connections[index] = new Connection(this.start(), this.startTimeout));
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.connections.map(async (connection) => connection?.end(closedError())));
  }
}

const closedError = (): Error => new Error('connectSaliency: the connection is closed');
