/** The page's end of the workers that compute. */
import { proxy, wrap } from 'comlink';
import type { PlainMap } from 'tfjs-saliency';
import type { Backend, Classifier, Curves, MapKind, ModelSource, Pixels, Run } from './state.js';
import type { Gradient } from './worker/pictures.js';
import type { RemoteSession, Reports } from './worker/session.js';

export interface Session {
  predict(classifier: Classifier, pixels: Pixels): Promise<Float32Array>;
  /** Computes one map. */
  explain(job: Job): Promise<void>;
  measure(job: CompareJob, map: PlainMap): Promise<Curves>;
  randomize(job: CompareJob & { readonly kind: MapKind }, step: StepReport): Promise<void>;
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

export type CompareJob = Pick<Job, 'classifier' | 'pixels' | 'signal'> & {
  readonly classIndex: number;
};

/** The next step is computed once its promise is settled. */
export type StepReport = (map: Gradient, name: string, similarity: number) => unknown;

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
  /** Waits for work that a signal stops. */
  async function stoppable<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const stop = (): void => void remote.stop();
    signal.addEventListener('abort', stop);
    try {
      return await Promise.race([work(), failure]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
  return {
    predict: ({ source }, pixels) =>
      Promise.race([remote.predict({ backend, source, pixels }), failure]),
    explain: ({ kind, classifier: { source, layer }, pixels, run, signal, reports }) =>
      stoppable(signal, () =>
        remote.explain(
          { backend, source, pixels },
          { kind, layer, ...run },
          proxy(reports.progress),
          proxy(reports.gradient),
        ),
      ),
    measure: ({ classifier: { source }, pixels, classIndex, signal }, map) =>
      stoppable(signal, () => remote.measure({ backend, source, pixels }, classIndex, map)),
    randomize: ({ kind, classifier: { source, layer }, pixels, classIndex, signal }, step) =>
      stoppable(signal, () =>
        remote.randomize({ backend, source, pixels }, { kind, layer, classIndex }, proxy(step)),
      ),
    release(source) {
      void remote.release(backend, source);
    },
    close() {
      worker.terminate();
    },
  };
}
