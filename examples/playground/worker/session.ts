/**
 * The worker between the page and those that compute: it merges their samples, several megabytes at
 * a time, which would hold up the page.
 */
import { expose, transfer } from 'comlink';
import { connectSaliency } from 'tfjs-saliency/worker';
import type { Saliency } from 'tfjs-saliency/worker';
import { METHODS, optionsOf, PLAIN } from '../library.js';
import type { Backend, MapKind, ModelSource, Pixels, Run } from '../state.js';
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
  /** A method that does not work for this model; the others go on. */
  failure(kind: MapKind, message: string): unknown;
}

let connection: Saliency<Spec> | undefined;
let running = new AbortController();

function connect(backend: Backend): Saliency<Spec> {
  connection ??= connectSaliency<Spec>(
    () => new Worker(new URL('./saliency.ts', import.meta.url), { type: 'module' }),
    { workers: workersFor(backend) },
  );
  return connection;
}

const session = {
  async predict({ backend, source, pixels }: Request): Promise<Float32Array> {
    return (await connect(backend).predict({ backend, source }, pixels)).data;
  },

  /**
   * Reports the plain gradient, the averaged map each time its samples have grown by a fifth, and
   * the other methods' maps.
   */
  async explain(
    { backend, source, pixels }: Request,
    { classIndex, against, settings }: Pick<Run, 'classIndex' | 'against' | 'settings'>,
    progress: Reports['progress'],
    gradient: Reports['gradient'],
    failure: Reports['failure'],
  ): Promise<void> {
    const spec = { backend, source };
    const saliency = connect(backend);
    running = new AbortController();
    const { signal } = running;
    const report = (kind: MapKind, map: Gradient, samples: number): unknown =>
      gradient(kind, transfer(map, [map.data.buffer]), samples);
    const compute = async (method: MethodName): Promise<unknown> =>
      report(method, await saliency[method](spec, pixels, classIndex, callOptions(method)), 1);
    const callOptions = (method: MethodName): object => ({ ...optionsOf(method), signal });

    if (against === undefined) await compute(PLAIN);
    const method = settings.method as MethodName;
    const target = against === undefined ? classIndex : [[classIndex, against]];
    const steps = saliency.smoothSteps(method, spec, pixels, target, {
      ...callOptions(method),
      samples: settings.samples,
      noiseLevel: settings.noise,
      seed: settings.seed,
      at: growing(settings.samples),
      onProgress: (all) => void progress(all),
    });
    for await (const { map, done } of steps) await report('smooth', map, done);
    if (against !== undefined) return;
    for (const { name } of METHODS.filter((other) => other.name !== PLAIN)) {
      await compute(name as MethodName).catch((error: unknown) => {
        if (signal.aborted) throw error;
        return failure(name, (error as Error).message);
      });
    }
  },

  stop(): void {
    running.abort();
  },
};

type MethodName = Parameters<Saliency['smooth']>[0];

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
