/** The long work: predictions and explanations, of which the newest stops the one before. */
import { PLAIN } from './library.js';
import type { Painter } from './painter.js';
import { openSession } from './session.js';
import type { Session } from './session.js';
import type { Place, State, Store } from './state.js';

/** Thrown when something else has taken the place of what was begun. */
export const STOPPED = new DOMException('stopped', 'AbortError');

export interface Work {
  /** The scores of all classes for the photo. */
  predict(): Promise<void>;
  /** The maps of the chosen class, or of the two that are compared. */
  explain(): Promise<void>;
  dropMaps(): void;
  cancel(): void;
  /** Ends the workers: the next work starts others, with the backend and model of then. */
  endSession(): void;
}

export function createWork(store: Store, painter: Painter): Work {
  let session: Session | undefined;
  let running = new AbortController();

  function begin(busy: State['busy'], place: Place): AbortSignal {
    running.abort();
    running = new AbortController();
    store.update({ busy, errors: { ...store.state.errors, [place]: '' } });
    return running.signal;
  }

  /** Waits for a result; once something has taken its place, neither that nor an error matters. */
  async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
    if (signal.aborted) throw STOPPED;
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(STOPPED);
      });
    });
    try {
      return await Promise.race([work, stopped]);
    } catch (error) {
      if (error !== STOPPED) store.update({ busy: undefined });
      throw error;
    }
  }

  function dropMaps(): void {
    store.update({ maps: [], run: undefined, failed: {} });
    painter.clear();
  }

  return {
    dropMaps,
    async predict() {
      const { photo, classifier, backend } = store.state;
      if (photo === undefined || backend === undefined) return;
      const signal = begin('loading', 'model');
      session ??= openSession(backend);
      const scores = await unlessStopped(signal, session.predict(classifier, photo.pixels));
      store.update({ scores, busy: undefined });
    },
    async explain() {
      const { photo, classifier, classIndex, against, settings, backend } = store.state;
      if (photo === undefined || classIndex === undefined || backend === undefined) return;
      const signal = begin('running', 'run');
      dropMaps();
      const progress = { done: 0, total: settings.samples, reliability: 0, samplesPerSecond: 0 };
      const run = { classIndex, against, settings, mapSamples: 0, ...progress };
      const isPlainFirst = against === undefined;
      store.update({ run, shown: isPlainFirst ? PLAIN : 'smooth', isFollowing: isPlainFirst });
      session ??= openSession(backend);
      const explaining = session.explain({
        classifier,
        pixels: photo.pixels,
        run,
        signal,
        reports: {
          progress({ done, total, reliability, samplesPerSecond }) {
            if (signal.aborted) return;
            store.update({
              run: { ...store.state.run!, done, total, reliability, samplesPerSecond },
            });
          },
          gradient(kind, gradient, samples) {
            if (signal.aborted) return;
            painter.add(kind, gradient, samples);
          },
          failure(kind, message) {
            if (signal.aborted) return;
            store.update({ failed: { ...store.state.failed, [kind]: message } });
          },
        },
      });
      await unlessStopped(signal, explaining);
      await unlessStopped(signal, painter.idle());
      store.update({ busy: undefined });
    },
    cancel() {
      running.abort();
      store.update({ busy: undefined });
    },
    endSession() {
      running.abort();
      session?.close();
      session = undefined;
    },
  };
}
