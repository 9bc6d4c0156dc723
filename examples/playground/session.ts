/** The page's end of the workers that compute. */
import { proxy, wrap } from 'comlink';
import type { Backend, Classifier, Pixels, Run } from './state.js';
import type { RemoteSession, Reports } from './worker/session.js';

export interface Session {
  predict(classifier: Classifier, pixels: Pixels): Promise<Float32Array>;
  explain(job: Job): Promise<void>;
  /** Ends the workers; what they were at is never done. */
  close(): void;
}

export interface Job {
  readonly classifier: Classifier;
  readonly pixels: Pixels;
  readonly run: Pick<Run, 'classIndex' | 'against' | 'settings'>;
  readonly signal: AbortSignal;
  readonly reports: Reports;
}

export function openSession(backend: Backend): Session {
  const worker = new Worker(new URL('./worker/session.ts', import.meta.url), { type: 'module' });
  const remote = wrap<RemoteSession>(worker);
  return {
    predict: ({ source }, pixels) => remote.predict({ backend, source, pixels }),
    async explain({ classifier: { source }, pixels, run, signal, reports }) {
      const stop = (): void => void remote.stop();
      signal.addEventListener('abort', stop);
      try {
        await remote.explain(
          { backend, source, pixels },
          run,
          proxy(reports.progress),
          proxy(reports.gradient),
          proxy(reports.failure),
        );
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    close() {
      worker.terminate();
    },
  };
}
