/**
 * `npm run bench`: the library beside plain tf.grad and, with --torch, PyTorch. See `npm run bench
 * -- --help`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import { methodNames } from '../../examples/shared/methods.js';
import { run } from '../../examples/shared/run.js';
import type { Gpu } from '../browser/chromium.js';
import { withPage } from '../browser/open.js';
import { checkReport } from './check.js';
import { openChildren } from './children.js';
import type { Children } from './children.js';
import { dispatchesTable, kernelCounts, measureDispatches } from './dispatchesTable.js';
import { measureExactness } from './exactness.js';
import { exactnessTable } from './exactnessTable.js';
import type { ExactnessRow } from './exactnessTable.js';
import { readFlags, usage } from './flags.js';
import type { Flags } from './flags.js';
import { GPU_BACKENDS, NODE_GPU } from './job.js';
import type { Backend, GpuBackend, GpuJob, GpuResult, PageBackend } from './job.js';
import { benchModel, fullSizeOf } from './models.js';
import { methodsTable } from './methods.js';
import type { MethodsRow } from './methods.js';
import { pictureTable } from './pictureTable.js';
import type { PictureRow } from './pictureTable.js';
import { mergeResults, NO_RESULTS, readResults, writeResults } from './results.js';
import type { Measured, Results, Row } from './results.js';
import { fillPage, SPEED_PAGE } from './speedPage.js';
import { headingOf, tablesOf } from './tables.js';
import { TRAINED } from './trained.js';
import { checkTorch, measureTorch } from './torch.js';
import { measureWorkers, workersTable } from './workers.js';

/** Where memory is not read: enough for a median. */
const FEW_SAMPLES = 4;

interface Machine {
  readonly children: Children;
  readonly flags: Flags;
}

async function measure(
  { children, flags }: Machine,
  model: string,
  backend: Backend,
): Promise<Row> {
  const { runs, memorySamples, gpu } = flags;
  const isFast = backend === 'wasm' || (backend !== 'cpu' && gpu === 'hardware');
  const size = flags.size ?? (isFast ? fullSizeOf(model) : benchModel(model).smallSize);
  const shape = { model, backend, size };
  if (isGpu(backend)) {
    const job = { ...shape, backend, runs, samples: FEW_SAMPLES };
    const measured = await (backend === NODE_GPU
      ? children.runGpu(job)
      : measureInPage({ ...job, backend }, gpu));
    return { ...shape, ...measured };
  }
  const residentAfter = backend === 'wasm' ? memorySamples : [];
  const samples = backend === 'wasm' ? Math.max(...memorySamples) : FEW_SAMPLES;
  const job = { ...shape, runs, samples, residentAfter };
  const { config, ...library } = await children.run({ ...job, way: 'library' });
  const plain = flags.plain ? await children.run({ ...job, way: 'tf.grad' }) : undefined;
  const torch = flags.torch && backend === 'wasm' ? measureTorch(config, size, runs) : undefined;
  return { ...shape, library, plain, torch };
}

const isGpu = (backend: Backend): backend is GpuBackend =>
  (GPU_BACKENDS as readonly Backend[]).includes(backend);

const measureInPage = (job: GpuJob & { backend: PageBackend }, gpu: Gpu): Promise<GpuResult> =>
  withPage(
    path.join(import.meta.dirname, 'page.ts'),
    'measureOnGpu',
    (page) => page.evaluate((each) => window.measureOnGpu(each), job),
    gpu,
  );

/** Times a picture of each method that such a model can have: it is no transformer. */
async function measurePictures(children: Children, model: string): Promise<PictureRow> {
  const pictures: PictureRow['pictures'][number][] = [];
  for (const method of methodNames.filter((name) => !name.startsWith('attention'))) {
    process.stderr.write(`${method} of ${model}\n`);
    pictures.push({ method, ...(await children.runPicture({ model, method })) });
  }
  return { model, size: TRAINED[model]!.size, pictures };
}

/** Measures what the flags ask for; `text` is for people. */
async function measureAll(flags: Flags): Promise<{ results: Results; text: string }> {
  if (flags.dispatches) {
    const dispatches = await measureDispatches(flags.models, flags.backends, flags.gpu);
    const text = `Kernels dispatched, reshapes aside\n\n${dispatchesTable(dispatches)}\n\n${kernelCounts(dispatches)}\n`;
    return { results: { ...NO_RESULTS, dispatches }, text };
  }
  if (flags.exactness) {
    const exactness: ExactnessRow[] = [];
    for (const model of flags.models) exactness.push(await measureExactness(model));
    const text = `What correlations lack to 1\n\n${exactnessTable(exactness)}\n`;
    return { results: { ...NO_RESULTS, exactness }, text };
  }
  if (flags.torch) checkTorch();
  const [loadBefore] = loadavg() as [number];
  const machine = `${cpus()[0]!.model.trim()}, ${cpus().length} cores, Node ${process.version}, tfjs ${version_core}`;
  const measured: Measured = { date: new Date().toISOString(), machine, loadBefore };
  const children = await openChildren();
  try {
    if (flags.workers) {
      const { size, runs, models, memorySamples } = flags;
      const sized = models.map((model) => ({ model, size: size ?? fullSizeOf(model) }));
      const job = { runs, samples: memorySamples.at(-1)! };
      const rows = await measureWorkers(children, sized, job);
      const workers = rows.map((row) => ({ ...row, ...measured }));
      const text = `${headingOf(measured)}\n\n${workersTable(workers)}\n`;
      return { results: { ...NO_RESULTS, workers }, text };
    }
    if (flags.methods) {
      const methods: (MethodsRow & Measured)[] = [];
      for (const model of flags.models) {
        process.stderr.write(`methods of ${model}\n`);
        const size = flags.size ?? fullSizeOf(model);
        const job = { model, size, backend: 'wasm', runs: flags.runs } as const;
        const unused = { samples: 0, residentAfter: [] };
        const result = await children.run({ ...job, ...unused, way: 'methods' });
        methods.push({ model, size, ...result, ...measured });
      }
      const text = `${headingOf(measured)}\n\n${methodsTable(methods)}\n`;
      return { results: { ...NO_RESULTS, methods }, text };
    }
    if (flags.picture) {
      const pictures: (PictureRow & Measured)[] = [];
      for (const model of flags.models)
        pictures.push({ ...(await measurePictures(children, model)), ...measured });
      const text = `${headingOf(measured)}\n\n${pictureTable(pictures)}\n`;
      return { results: { ...NO_RESULTS, pictures }, text };
    }
    const gradients: (Row & Measured)[] = [];
    for (const backend of flags.backends) {
      for (const model of flags.models) {
        process.stderr.write(`${model} on ${backend}\n`);
        gradients.push({ ...(await measure({ children, flags }, model, backend)), ...measured });
      }
    }
    return { results: { ...NO_RESULTS, gradients }, text: tablesOf(gradients) };
  } finally {
    await children.close();
  }
}

async function store(results: Results): Promise<void> {
  const merged = mergeResults(await readResults(), results);
  await writeResults(merged);
  await writeFile(SPEED_PAGE, fillPage(await readFile(SPEED_PAGE, 'utf8'), merged));
}

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  if (flags === undefined) {
    process.stdout.write(usage);
    return;
  }
  const { results, text } = await measureAll(flags);
  const { json, check, write } = flags;
  if (json !== undefined) await writeFile(json, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(text);
  if (check) process.stdout.write(`\n${checkReport(await readResults(), results)}`);
  if (write) await store(results);
}

await run('bench', main);
