/**
 * The worker between the page and those that compute: it merges their samples, several megabytes at
 * a time, which would hold up the page.
 */
import { expose, transfer } from 'comlink';
import { connectSaliency } from 'tfjs-saliency/worker';
import type { Saliency } from 'tfjs-saliency/worker';
import { optionsOf } from '../library.js';
import type { PlainMap } from 'tfjs-saliency';
import type { Backend, Curves, MapKind, ModelSource, Pixels, Run } from '../state.js';
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
  gradient(gradient: Gradient, samples: number): unknown;
}

/** Which map. */
export interface Task extends Pick<Run, 'classIndex' | 'against' | 'settings'> {
  readonly kind: MapKind;
  readonly layer: string | undefined;
}

/** Points of a curve, less one. */
const CURVE_STEPS = 16;
/** At how many depths of the model its layers become random. */
const RANDOM_STEPS = 6;

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

  /** Computes a map, which is reported each time the samples of an averaged one grew by a fifth. */
  async explain(
    { backend, source, pixels }: Request,
    { kind, layer, classIndex, against, settings }: Task,
    progress: Reports['progress'],
    gradient: Reports['gradient'],
  ): Promise<void> {
    const spec = { backend, source };
    const saliency = connect(backend);
    running = new AbortController();
    const { signal } = running;
    const report = (map: Gradient, samples: number): unknown =>
      gradient(transfer(map, [map.data.buffer]), samples);
    const method = (kind === 'smooth' ? settings.method : kind) as MethodName;
    const options = { ...optionsOf(method, layer), signal };
    if (kind !== 'smooth') {
      await report(await saliency[method](spec, pixels, classIndex, options), 1);
      return;
    }
    const target = against === undefined ? classIndex : [[classIndex, against]];
    const steps = saliency.smoothSteps(method, spec, pixels, target, {
      ...options,
      samples: settings.samples,
      noiseLevel: settings.noise,
      seed: settings.seed,
      at: growing(settings.samples),
      onProgress: (all) => void progress(all),
    });
    for await (const { map, done } of steps) await report(map, done);
  },

  /** Measures a map. */
  async measure(
    { backend, source, pixels }: Request,
    classIndex: number,
    map: PlainMap,
  ): Promise<Curves> {
    const saliency = connect(backend);
    running = new AbortController();
    const options = { steps: CURVE_STEPS, signal: running.signal };
    const measure = (metric: 'deletion' | 'insertion') =>
      saliency.measure(metric, { backend, source }, pixels, classIndex, map, options);
    const [deletion, insertion] = await Promise.all([measure('deletion'), measure('insertion')]);
    return { deletion, insertion };
  },

  /** Tests a method on the model with random weights; the next step is made when one is drawn. */
  async randomize(
    { backend, source, pixels }: Request,
    { kind, layer, classIndex }: Pick<Task, 'kind' | 'layer' | 'classIndex'>,
    step: (map: Gradient, name: string, similarity: number) => unknown,
  ): Promise<void> {
    const saliency = connect(backend);
    running = new AbortController();
    const method = kind as MethodName;
    const steps = saliency.randomizationSteps(method, { backend, source }, pixels, classIndex, {
      methodOptions: optionsOf(method, layer),
      steps: RANDOM_STEPS,
      signal: running.signal,
    });
    for await (const { map, name, similarity } of steps) {
      await step(transfer(map, [map.data.buffer]), name, similarity);
    }
  },

  stop(): void {
    running.abort();
  },

  async release(backend: Backend, source: ModelSource): Promise<void> {
    await connection?.release({ backend, source });
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
