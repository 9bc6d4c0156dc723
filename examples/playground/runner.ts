/** What all long work of the page shares: the newest stops the one before. */
import { openSession } from './session.js';
import type { Session } from './session.js';
import type { Backend, Place, State, Store } from './state.js';

/** Thrown when something else has taken the place of what was begun. */
export const STOPPED = new DOMException('stopped', 'AbortError');

export interface Runner {
  /** The session with the workers, which is opened unless there is one. */
  connect(backend: Backend): Session;
  /** Stops what is under way, and says what the page does now. */
  begin(busy: State['busy'], place: Place): AbortSignal;
  /** Waits for a result; once something has taken its place, neither that nor an error matters. */
  unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T>;
  /** Does what makes the page busy, which it is no longer at the end, whatever that is. */
  whileBusy(signal: AbortSignal, work: () => Promise<void>): Promise<void>;
  cancel(): void;
  /** Frees a model that is not used any more. */
  release(source: State['classifier']['source']): void;
  /** Ends the workers: the next work starts others, with the backend of then. */
  endSession(): void;
}

export function createRunner(store: Store): Runner {
  let session: Session | undefined;
  let running = new AbortController();

  return {
    // A session whose worker fails is not used again.
    connect(backend) {
      session ??= openSession(backend, () => {
        session = undefined;
      });
      return session;
    },
    begin(busy, place) {
      running.abort();
      running = new AbortController();
      store.update({ busy, errors: { ...store.state.errors, [place]: '' } });
      return running.signal;
    },
    unlessStopped(signal, work) {
      const stopped = new Promise<never>((_, reject) => {
        const stop = (): void => {
          reject(STOPPED);
        };
        if (signal.aborted) stop();
        signal.addEventListener('abort', stop);
      });
      return Promise.race([work, stopped]);
    },
    async whileBusy(signal, work) {
      try {
        await work();
      } finally {
        if (!signal.aborted) store.update({ busy: undefined });
      }
    },
    cancel() {
      running.abort();
      store.update({ busy: undefined });
    },
    release(source) {
      session?.release(source);
    },
    endSession() {
      running.abort();
      session?.close();
      session = undefined;
    },
  };
}
