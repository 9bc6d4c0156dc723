/**
 * `npm run bench`: the library beside plain tf.grad and, with --torch, PyTorch. See `npm run bench
 * -- --help`.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import { run } from '../../examples/shared/run.js';
import type { Gpu } from '../browser/chromium.js';
import { withPage } from '../browser/open.js';
import { openChildren } from './children.js';
import type { Children } from './children.js';
import { dispatchesTable, measureDispatches } from './dispatchesTable.js';
import { readFlags, usage } from './flags.js';
import type { Flags } from './flags.js';
import { GPU_BACKENDS } from './job.js';
import type { Backend, GpuBackend, GpuJob, GpuResult } from './job.js';
import { BENCH_MODELS, FULL_SIZE } from './models.js';
import type { Results, Row } from './results.js';
import { headingOf, tablesOf } from './tables.js';
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
  const { smallSize } = BENCH_MODELS.find(({ architecture }) => architecture.name === model)!;
  const isFast = backend === 'wasm' || (backend !== 'cpu' && gpu === 'hardware');
  const size = flags.size ?? (isFast ? FULL_SIZE : smallSize);
  const shape = { model, backend, size };
  if (isGpu(backend))
    return {
      ...shape,
      ...(await measureOnGpu({ model, backend, size, runs, samples: FEW_SAMPLES }, gpu)),
    };
  const residentAfter = backend === 'wasm' ? memorySamples : [];
  const samples = backend === 'wasm' ? Math.max(...memorySamples) : FEW_SAMPLES;
  const job = { ...shape, runs, samples, residentAfter };
  const { config, ...library } = await children.run({ ...job, way: 'library' });
  const plain = await children.run({ ...job, way: 'tf.grad' });
  const torch = flags.torch && backend === 'wasm' ? measureTorch(config, size, runs) : undefined;
  return { ...shape, library, plain, torch };
}

const isGpu = (backend: Backend): backend is GpuBackend =>
  (GPU_BACKENDS as readonly Backend[]).includes(backend);

const measureOnGpu = (job: GpuJob, gpu: Gpu): Promise<GpuResult> =>
  withPage(
    path.join(import.meta.dirname, 'page.ts'),
    'measureOnGpu',
    (page) => page.evaluate((each) => window.measureOnGpu(each), job),
    gpu,
  );

async function report({ json }: Flags, results: object, tables: string): Promise<void> {
  if (json !== undefined) await writeFile(json, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(tables);
}

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  if (flags === undefined) {
    process.stdout.write(usage);
    return;
  }
  if (flags.dispatches) {
    const rows = await measureDispatches(flags.models, flags.backends, flags.gpu);
    await report(flags, { rows }, dispatchesTable(rows));
    return;
  }
  if (flags.torch) checkTorch();
  const [loadBefore] = loadavg() as [number];
  const children = await openChildren();
  const machine = `${cpus()[0]!.model.trim()}, ${cpus().length} cores, Node ${process.version}, tfjs ${version_core}`;
  const measured = { date: new Date().toISOString(), machine, loadBefore };
  try {
    if (flags.workers) {
      const { size = FULL_SIZE, runs, models, memorySamples } = flags;
      const rows = await measureWorkers(children, models, {
        size,
        runs,
        samples: memorySamples.at(-1)!,
      });
      await report(flags, { ...measured, rows }, `${headingOf(measured)}\n\n${workersTable(rows)}`);
      return;
    }
    const rows: Row[] = [];
    for (const backend of flags.backends) {
      for (const model of flags.models) {
        process.stderr.write(`${model} on ${backend}\n`);
        rows.push(await measure({ children, flags }, model, backend));
      }
    }
    const results: Results = { ...measured, rows };
    await report(flags, results, tablesOf(results));
  } finally {
    await children.close();
  }
}

await run('bench', main);
