/** `npm run bench -- --dispatches`: counts, not times, so that the machine does not matter. */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import path from 'node:path';
import type { Gpu } from '../browser/chromium.js';
import { withPage } from '../browser/open.js';
import { countDispatches } from './dispatches.js';
import type { Dispatches, DispatchResult } from './dispatches.js';
import { GPU_BACKENDS } from './job.js';
import type { Backend } from './job.js';
import { markdown } from './markdown.js';

export interface DispatchRow extends DispatchResult {
  readonly model: string;
  readonly backend: Backend;
}

export async function measureDispatches(
  models: readonly string[],
  backends: readonly Backend[],
  gpu: Gpu,
): Promise<DispatchRow[]> {
  const rows: DispatchRow[] = [];
  for (const backend of backends) {
    for (const model of models) {
      process.stderr.write(`${model} on ${backend}\n`);
      const isGpu = (GPU_BACKENDS as readonly Backend[]).includes(backend);
      const counts = isGpu
        ? await inBrowser(model, backend, gpu)
        : await countDispatches(model, backend);
      rows.push({ model, backend, ...counts });
    }
  }
  return rows;
}

const inBrowser = (model: string, backend: Backend, gpu: Gpu): Promise<DispatchResult> =>
  withPage(
    path.join(import.meta.dirname, 'dispatchesPage.ts'),
    'countDispatches',
    (page) =>
      page.evaluate(([name, which]) => window.countDispatches(name, which), [
        model,
        backend,
      ] as const),
    gpu,
  );

/** Kernels dispatched, reshapes aside. */
export const totalDispatches = ({ kernels }: Dispatches): number =>
  Object.values(kernels).reduce((sum, count) => sum + count, 0);

export const dispatchesTable = (rows: readonly DispatchRow[]): string =>
  markdown(
    [
      { title: 'model', cell: ({ model, backend }) => `${model}, ${backend}` },
      { title: 'forward', cell: ({ forward }) => String(totalDispatches(forward)) },
      { title: 'sample', cell: ({ sample }) => String(totalDispatches(sample)) },
      {
        title: 'sample / forward',
        cell: ({ forward, sample }) =>
          (totalDispatches(sample) / totalDispatches(forward)).toFixed(2),
      },
      { title: 'bytes uploaded', cell: ({ sample }) => String(sample.uploadedBytes) },
      { title: 'reads back', cell: ({ sample }) => String(sample.reads) },
    ],
    rows,
  );

/** How often a sample dispatches each kernel, a line per row. */
export const kernelCounts = (rows: readonly DispatchRow[]): string =>
  rows
    .map(({ model, backend, sample }) => {
      const sorted = Object.entries(sample.kernels).sort(([, a], [, b]) => b - a);
      const counts = sorted.map(([kernel, count]) => `${count} ${kernel}`).join(', ');
      return `${model}, ${backend}: ${counts}`;
    })
    .join('\n');
