/** The page's end of the workers that compute. */
import { proxy, wrap } from 'comlink';
import type { Backend, Classifier, MapKind, ModelSource, Pixels, Run } from './state.js';
import type { RemoteSession, Reports } from './worker/session.js';

export interface Session {
  predict(classifier: Classifier, pixels: Pixels): Promise<Float32Array>;
  /** Computes one map. */
  explain(job: Job): Promise<void>;
  /** Frees a model. */
  release(source: ModelSource): void;
  /** Ends the workers; what they were at is never done. */
  close(): void;
}

export interface Job {
  readonly kind: MapKind;
  readonly classifier: Classifier;
  readonly pixels: Pixels;
  readonly run: Pick<Run, 'classIndex' | 'against' | 'settings'>;
  readonly signal: AbortSignal;
  readonly reports: Reports;
}

/** @param onFailure - called when the worker cannot go on; what it was at is rejected */
export function openSession(backend: Backend, onFailure: () => void): Session {
  const worker = new Worker(new URL('./worker/session.ts', import.meta.url), { type: 'module' });
  const remote = wrap<RemoteSession>(worker);
  const failure = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) => {
      reject(new Error(`the worker failed: ${message || 'it could not be started'}`));
    });
  });
  failure.catch(onFailure);
  return {
    predict: ({ source }, pixels) =>
      Promise.race([remote.predict({ backend, source, pixels }), failure]),
    async explain({ kind, classifier: { source, layer }, pixels, run, signal, reports }) {
      const stop = (): void => void remote.stop();
      signal.addEventListener('abort', stop);
      try {
        const explaining = remote.explain(
          { backend, source, pixels },
          { kind, layer, ...run },
          proxy(reports.progress),
          proxy(reports.gradient),
        );
        await Promise.race([explaining, failure]);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    release(source) {
      void remote.release(backend, source);
    },
    close() {
      worker.terminate();
    },
  };
}
