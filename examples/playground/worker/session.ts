/**
 * The worker between the page and those that compute: it merges their samples, several megabytes at
 * a time, which would hold up the page.
 */
import { expose, transfer } from 'comlink';
import { connectSaliency } from 'tfjs-saliency/worker';
import type { Saliency } from 'tfjs-saliency/worker';
import type { Backend, MapKind, ModelSource, Pixels, Run } from '../state.js';
import { INTEGRATION_STEPS } from '../steps.js';
import type { Gradient } from './pictures.js';
import type { Spec } from './saliency.js';

export type Progress = Pick<Run, 'done' | 'total' | 'reliability' | 'samplesPerSecond'>;

export interface Request {
  readonly backend: Backend;
  readonly source: ModelSource;
  readonly pixels: Pixels;
}

/** What is reported on the way; the next thing is done when the page has it. */
export interface Reports {
  progress(progress: Progress): unknown;
  gradient(kind: MapKind, gradient: Gradient, samples: number): unknown;
}

let saliency: Saliency<Spec> | undefined;
let running = new AbortController();

function connect(backend: Backend): Saliency<Spec> {
  saliency ??= connectSaliency<Spec>(
    () => new Worker(new URL('./saliency.ts', import.meta.url), { type: 'module' }),
    {
      workers: workersFor(backend),
    },
  );
  return saliency;
}

const session = {
  async predict({ backend, source, pixels }: Request): Promise<Float32Array> {
    return (await connect(backend).predict({ backend, source }, pixels)).data;
  },

  /** Reports the gradients one by one, SmoothGrad's each time its samples have grown by a fifth. */
  async explain(
    { backend, source, pixels }: Request,
    { classIndex, against, settings }: Pick<Run, 'classIndex' | 'against' | 'settings'>,
    progress: Reports['progress'],
    gradient: Reports['gradient'],
  ): Promise<void> {
    const spec = { backend, source };
    const methods = connect(backend);
    running = new AbortController();
    const { signal } = running;
    const report = (kind: MapKind, map: Gradient, samples: number): unknown =>
      gradient(kind, transfer(map, [map.data.buffer]), samples);

    if (against === undefined) {
      await report(
        'vanilla',
        await methods.vanillaGradient(spec, pixels, classIndex, { signal }),
        1,
      );
    }
    const { samples, noise, seed } = settings;
    const steps = methods.smoothGradSteps(
      spec,
      pixels,
      against === undefined ? classIndex : [[classIndex, against]],
      {
        samples,
        noiseLevel: noise,
        seed,
        at: growing(samples),
        onProgress: (all) => void progress(all),
        signal,
      },
    );
    for await (const { map, done } of steps) await report('smooth', map, done);
    if (against !== undefined) return;
    const options = { steps: INTEGRATION_STEPS, signal };
    await report(
      'integrated',
      await methods.integratedGradients(spec, pixels, classIndex, options),
      INTEGRATION_STEPS,
    );
  },

  stop(): void {
    running.abort();
  },
};

export type RemoteSession = typeof session;
expose(session);

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
