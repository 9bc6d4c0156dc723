import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { connectSaliency } from 'tfjs-saliency/worker';
import { findClass } from '../demo/classes.js';
import { useWasm } from '../shared/backend.js';
import { checkOutFolder, writeFiles } from '../shared/files.js';
import { progressBar } from '../shared/progress.js';
import { InputError } from '../shared/run.js';
import { loadClassifier } from './classifier.js';
import type { ModelSpec } from './classifier.js';
import { explainPhoto, outputOf } from './explainPhoto.js';
import type { Batch } from './explainPhoto.js';
import { readFlags, usage } from './flags.js';
import type { Flags } from './flags.js';
import { isInShard, listPhotos } from './photos.js';
import { keepSettings } from './settings.js';
import { openTable } from './table.js';
import type { Table } from './table.js';

/** While one photo is read or drawn, the workers have another. */
const AT_ONCE = 2;

/**
 * Fails for all photos what would fail for each: a model that cannot be loaded, labels or a class
 * it does not have.
 */
async function checkModel({ saliency, flags, labels }: Batch): Promise<void> {
  const gray = { data: new Uint8Array(3 * 64 * 64).fill(128), width: 64, height: 64 };
  const { data: scores } = await saliency
    .predict(flags.spec, gray, outputOf(flags))
    .catch((error: unknown) => {
      throw new InputError(error instanceof Error ? error.message : String(error));
    });
  if (labels !== undefined && labels.length !== scores.length) {
    throw new InputError(
      `--labels has ${labels.length} names, but the model has ${scores.length} classes`,
    );
  }
  findClass(flags.class, scores, labels);
}

/** Takes photo after photo; what is wrong with one is noted in its row. */
async function work(
  batch: Batch,
  table: Table,
  photos: Iterator<string>,
  signal: AbortSignal,
  tell: () => void,
) {
  const { flags } = batch;
  for (let next = photos.next(); next.done !== true && !signal.aborted; next = photos.next()) {
    const photo = next.value;
    try {
      const { row, picture } = await explainPhoto(batch, path.join(flags.in, photo), signal);
      const name = `${photo}.png`;
      await writeFiles(flags.out, { [name]: picture });
      await table.add({ photo, picture: name, ...row });
    } catch (error) {
      if (signal.aborted) return;
      await table.add({ photo, error: error instanceof Error ? error.message : String(error) });
    }
    tell();
  }
}

/** What the results depend on. */
function settingsOf({ spec, look, class: chosen, ...flags }: Flags): object {
  const { method, methodOptions, samples, noise, seed, picture } = flags;
  return {
    ...spec,
    class: chosen,
    method,
    ...methodOptions,
    samples,
    noise,
    seed,
    picture,
    ...look,
  };
}

/**
 * Explains a folder of photos as the flags say.
 * @param startWorker starts a thread that computes
 */
export async function batch(args: string[], startWorker: () => Worker): Promise<void> {
  const flags = readFlags(args);
  if (flags === undefined) {
    process.stdout.write(usage);
    return;
  }
  await checkOutFolder(flags.out);
  const all = await listPhotos(flags.in);
  const { shard } = flags;
  await useWasm();
  // The workers load it again: this tells what was guessed of it, and its labels.
  const {
    name: modelName,
    labels,
    preprocess,
    model,
  } = await loadClassifier(flags.spec, flags.labels);
  if ('dispose' in model) (model as { dispose: () => void }).dispose();
  if (flags.spec.location !== undefined && flags.spec.preset === undefined) console.log(modelName);

  const saliency = connectSaliency<ModelSpec>(startWorker, { workers: flags.workers });
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
  };
  process.once('SIGINT', interrupt);
  try {
    const settings = { saliency, flags, preprocess, labels };
    await checkModel(settings);
    await keepSettings(flags.out, settingsOf(flags));
    const name = shard.count === 1 ? 'scores.csv' : `scores-${shard.index}-of-${shard.count}.csv`;
    const table = await openTable(flags.out, name);
    const own = all.filter((photo) => isInShard(photo, shard));
    const photos = own.filter((photo) => !table.complete.has(photo));
    const bar = progressBar('Photos', own.length);
    let done = own.length - photos.length;
    bar.update(done);
    const tell = (): void => {
      bar.update(++done);
    };
    const left = photos.values();
    const lines = Array.from({ length: AT_ONCE }, () =>
      work(settings, table, left, interruption.signal, tell),
    );
    await Promise.all(lines).finally(bar.stop);
    const before = own.length - photos.length;
    console.log(
      `${path.join(flags.out, name)}: ${done} of ${own.length} photos, ${before} of them from before`,
    );
  } finally {
    process.off('SIGINT', interrupt);
    await saliency.close();
  }
}
