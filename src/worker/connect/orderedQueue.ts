/**
 * Values that arrive in any order and are read in the order in which they were announced, by one
 * reader.
 */

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

export class OrderedQueue<T> {
  private readonly arrived = new Map<number, Outcome<T>>();
  private announced = 0;
  private read = 0;
  private closed = false;
  private failure: { readonly error: unknown } | undefined;
  private wakeReader: (() => void) | undefined;
  private waiting: (() => void)[] = [];

  /** Announces a value; call what is returned when it is there. */
  slot(): (outcome: Outcome<T>) => void {
    const number = this.announced++;
    return (outcome) => {
      this.arrived.set(number, outcome);
      this.wakeReader?.();
    };
  }

  /**
   * Resolves when less than `limit` values are announced and not yet read, or the queue is closed.
   */
  async room(limit: number): Promise<void> {
    while (!this.closed && this.announced - this.read >= limit) {
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
    }
  }

  /**
   * Resolves to the next value; rejects with the error that came in its place, or that the queue
   * has failed with.
   */
  async next(): Promise<T> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure.error;
      const outcome = this.arrived.get(this.read);
      if (outcome !== undefined) {
        this.arrived.delete(this.read++);
        this.wakeWriters();
        if ('error' in outcome) throw outcome.error;
        return outcome.value;
      }
      await new Promise<void>((resolve) => (this.wakeReader = resolve));
    }
  }

  fail(error: unknown): void {
    this.failure ??= { error };
    this.wakeReader?.();
  }

  /** Lets everyone who waits for room go on. */
  close(): void {
    this.closed = true;
    this.wakeWriters();
  }

  private wakeWriters(): void {
    const { waiting } = this;
    this.waiting = [];
    waiting.forEach((resolve) => {
      resolve();
    });
  }
}
