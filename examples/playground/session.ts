/** The page's end of the worker that computes. */
import { connectSaliency } from 'tfjs-saliency/worker';
import type { Backend, Classifier, MapKind, Pixels, Run } from './state.js';
import type { Spec } from './worker/saliency.js';
import type { Gradient } from './worker/pictures.js';

/** Points on the path from black of integrated gradients. */
export const INTEGRATION_STEPS = 10;

export interface Session {
  predict(classifier: Classifier, pixels: Pixels): Promise<Float32Array>;
  /** Hands over the gradients one by one, SmoothGrad's each time its samples have grown by a fifth. */
  explain(job: Job): Promise<void>;
  close(): void;
}

export interface Job {
  readonly classifier: Classifier;
  readonly pixels: Pixels;
  readonly run: Pick<Run, 'classIndex' | 'against' | 'settings'>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Pick<Run, 'done' | 'total' | 'reliability' | 'samplesPerSecond'>) => void;
  readonly onGradient: (kind: MapKind, gradient: Gradient, samples: number) => void;
}

export function openSession(backend: Backend): Session {
  const saliency = connectSaliency<Spec>(
    () => new Worker(new URL('./worker/saliency.ts', import.meta.url), { type: 'module' }),
    { workers: workersFor(backend) },
  );
  const specOf = ({ source }: Classifier): Spec => ({ backend, source });

  return {
    async predict(classifier, pixels) {
      return (await saliency.predict(specOf(classifier), pixels)).data;
    },
    async explain({ classifier, pixels, run, signal, onProgress, onGradient }) {
      const spec = specOf(classifier);
      const { classIndex, against, settings } = run;
      const { samples, noise, seed } = settings;
      if (against === undefined) {
        onGradient('vanilla', await saliency.vanillaGradient(spec, pixels, classIndex, { signal }), 1);
      }
      const target = against === undefined ? classIndex : [[classIndex, against]];
      const steps = saliency.smoothGradSteps(spec, pixels, target, {
        samples,
        noiseLevel: noise,
        seed,
        at: growing(samples),
        onProgress,
        signal,
      });
      for await (const { map, done } of steps) onGradient('smooth', map, done);
      if (against !== undefined) return;
      const options = { steps: INTEGRATION_STEPS, signal };
      const integrated = await saliency.integratedGradients(spec, pixels, classIndex, options);
      onGradient('integrated', integrated, INTEGRATION_STEPS);
    },
    close: () => void saliency.close(),
  };
}

/** A GPU is one, and a model in more than a few workers would need much memory. */
function workersFor(backend: Backend): number {
  return backend === 'wasm' || backend === 'cpu' ? Math.min(4, navigator.hardwareConcurrency) : 1;
}

/** 1, 2, 3, 4, 5, 6, 8, 10, 12, 15 ... samples: a map changes less and less. */
function growing(total: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < total; count = Math.ceil(count * 1.2)) counts.push(count);
  return [...counts, total];
}
