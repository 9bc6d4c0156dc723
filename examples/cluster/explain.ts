/** Explains photos as examples/batch does, with a model that is loaded once. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { FileError } from 'tfjs-saliency/node';
import { connectSaliency } from 'tfjs-saliency/worker';
import { loadClassifier } from '../batch/classifier.js';
import type { ModelSpec } from '../batch/classifier.js';
import { explainPhoto } from '../batch/explainPhoto.js';
import type { Batch } from '../batch/explainPhoto.js';
import { readFlags } from '../batch/flags.js';
import { useWasm } from '../shared/backend.js';
import { InputError } from '../shared/run.js';
import { PhotoError } from './work.js';
import type { Explain } from './work.js';

export interface Explainer {
  readonly explain: Explain;
  close(): Promise<void>;
}

/**
 * @param startWorker starts a thread that computes
 * @param workers how many threads
 */
export async function openExplainer(
  startWorker: () => Worker,
  workers: number,
): Promise<Explainer> {
  await useWasm();
  const saliency = connectSaliency<ModelSpec>(startWorker, { workers });
  const folder = await mkdtemp(path.join(tmpdir(), 'photos-'));
  const batches = new Map<string, Promise<Batch>>();
  let count = 0;

  const openBatch = async (args: readonly string[]): Promise<Batch> => {
    const flags = readFlags([...args, '--in', '.', '--out', '.'])!;
    const { labels, preprocess, model } = await loadClassifier(flags.spec, flags.labels).catch(
      (error: unknown) => {
        throw new InputError((error as Error).message);
      },
    );
    if ('dispose' in model) (model as { dispose: () => void }).dispose();
    return { saliency, flags, preprocess, labels };
  };

  return {
    async explain(args, photo, bytes, signal) {
      const key = JSON.stringify(args);
      if (!batches.has(key)) batches.set(key, openBatch(args));
      const batch = await batches.get(key)!;
      const file = path.join(folder, String(count++));
      await writeFile(file, bytes);
      try {
        return await explainPhoto(batch, file, signal);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        throw new PhotoError(error.message.replace(file, photo));
      } finally {
        await rm(file, { force: true });
      }
    },
    async close() {
      await saliency.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
