/** `npm run bench`: the library beside plain tf.grad and, with --torch, PyTorch. See `npm run bench -- --help`. */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { version_core } from '@tensorflow/tfjs-core';
import { run } from '../../examples/shared/run.js';
import { openChildren } from './children.js';
import type { Children } from './children.js';
import { readFlags, usage } from './flags.js';
import type { Flags } from './flags.js';
import type { Backend } from './job.js';
import { BENCH_MODELS, WASM_SIZE } from './models.js';
import type { Results, Row } from './results.js';
import { tablesOf } from './tables.js';
import { checkTorch, measureTorch } from './torch.js';

/** On cpu, where memory is not read: enough for a median. */
const CPU_SAMPLES = 4;

async function measure(children: Children, model: string, backend: Backend, flags: Flags): Promise<Row> {
  const { runs, memorySamples } = flags;
  const { cpuSize } = BENCH_MODELS.find(({ architecture }) => architecture.name === model)!;
  const size = backend === 'wasm' ? WASM_SIZE : cpuSize;
  const residentAfter = backend === 'wasm' ? memorySamples : [];
  const samples = backend === 'wasm' ? Math.max(...memorySamples) : CPU_SAMPLES;
  const job = { model, backend, size, runs, samples, residentAfter };
  const { config, ...library } = await children.run({ ...job, way: 'library' });
  const plain = await children.run({ ...job, way: 'tf.grad' });
  const torch = flags.torch && backend === 'wasm' ? measureTorch(config, size, runs) : undefined;
  return { model, backend, size, library, plain, torch };
}

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  if (flags === undefined) {
    process.stdout.write(usage);
    return;
  }
  if (flags.torch) checkTorch();
  const [loadBefore] = loadavg() as [number];
  const children = await openChildren();
  try {
    const rows: Row[] = [];
    for (const backend of flags.backends) {
      for (const model of flags.models) {
        process.stderr.write(`${model} on ${backend}\n`);
        rows.push(await measure(children, model, backend, flags));
      }
    }
    const machine = `${cpus()[0]!.model.trim()}, ${cpus().length} cores, Node ${process.version}, tfjs ${version_core}`;
    const results: Results = { date: new Date().toISOString(), machine, loadBefore, rows };
    if (flags.json !== undefined) await writeFile(flags.json, `${JSON.stringify(results, null, 2)}\n`);
    process.stdout.write(tablesOf(results));
  } finally {
    await children.close();
  }
}

await run('bench', main);
