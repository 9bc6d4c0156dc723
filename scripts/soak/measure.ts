/** The process that is measured, its garbage collected at will: see main.ts. */
import { env, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { connectSaliency } from 'tfjs-saliency/worker';
import { startWorker } from '../../examples/shared/startWorker.js';
import { markdown } from '../bench/markdown.js';
import { drawFrom } from '../fuzz/random.js';
import { runsOf } from './runs.js';
import { takeSample } from './sample.js';
import type { Sample } from './sample.js';
import { robustSlope } from './slope.js';

const PAGE = path.resolve('docs/reliability.md');
const [BEGIN, END] = ['<!-- measured -->', '<!-- /measured -->'];
const EVERY = 20;
const ABORTED = 'enough';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
});
const minutes = Number(values.minutes);
const draw = drawFrom(Number(values.seed));
env().set('PROD', true);
await setBackend('wasm');

const alive = new Set<Worker>();
const served = pathToFileURL(path.join(import.meta.dirname, 'served.ts'));
const saliency = connectSaliency<'layers'>(
  () => {
    const worker = startWorker(served);
    alive.add(worker);
    worker.on('exit', () => alive.delete(worker));
    return worker;
  },
  { workers: 2 },
);
const runs = runsOf({ saliency, alive }, draw);
// All but the deaths, which take most of the time, equally often.
const kinds = Object.keys(runs).flatMap((kind) =>
  Array<string>(kind === 'a worker dies' ? 1 : 8).fill(kind),
);
const counts = Object.fromEntries(Object.keys(runs).map((kind) => [kind, { done: 0, ended: 0 }]));
/** One signal for all runs: what stays on it is a leak. */
const shared = new AbortController();
const samples: Sample[] = [];

async function runOnce(kind: string): Promise<void> {
  const own = new AbortController();
  const isAborted = draw.chance(0.3);
  const timer = isAborted ? setTimeout(() => own.abort(ABORTED), draw.integer(30)) : undefined;
  try {
    const signal = isAborted ? own.signal : shared.signal;
    (await runs[kind]!(signal)).dispose();
    counts[kind]!.done++;
  } catch (error) {
    if (error !== ABORTED && kind !== 'a worker dies') throw error;
    counts[kind]!.ended++;
  } finally {
    clearTimeout(timer);
  }
}

/** Workers that died are started anew by the next call, so that all samples see as many. */
async function settle(): Promise<void> {
  (await runs['smoothGrad in workers']!(shared.signal)).dispose();
  await new Promise((resolve) => setTimeout(resolve, 50));
}

const end = performance.now() + minutes * 60_000;
for (let run = 0; performance.now() < end;) {
  for (let i = 0; i < EVERY; i++, run++) await runOnce(draw.pick(kinds));
  await settle();
  samples.push(await takeSample(run, shared.signal, alive));
}
await saliency.close();

const half = samples.slice(Math.floor(samples.length / 2));
const perThousand = (what: (sample: Sample) => number): number =>
  1000 *
  robustSlope(
    half.map((sample) => sample.runs),
    half.map(what),
  );
const rows = [
  {
    what: 'tensors',
    slope: perThousand((sample) => sample.tensors),
    last: half.at(-1)!.tensors,
    most: 0.5,
  },
  {
    what: 'listeners',
    slope: perThousand((sample) => sample.listeners),
    last: half.at(-1)!.listeners,
    most: 0.5,
  },
  {
    what: 'handles',
    slope: perThousand((sample) => sample.handles),
    last: half.at(-1)!.handles,
    most: 0.5,
  },
  {
    what: 'resident memory, MB',
    slope: perThousand((sample) => sample.resident / 1e6),
    last: half.at(-1)!.resident / 1e6,
    most: 1,
  },
];
const total = samples.at(-1)!.runs;
const report = [
  `${total} runs in ${minutes} minutes, seed ${values.seed}; Node ${process.version}, wasm, two workers.`,
  '',
  markdown(
    [
      { title: 'what', cell: ({ what }) => what },
      { title: 'at the end', cell: ({ last }) => last.toFixed(0) },
      { title: 'growth in 1000 runs', cell: ({ slope }) => slope.toFixed(2) },
      { title: 'at most', cell: ({ most }) => String(most) },
    ],
    rows,
  ),
  '',
  markdown(
    [
      { title: 'run', cell: ([kind]) => kind },
      { title: 'done', cell: ([, { done }]) => String(done) },
      { title: 'ended early', cell: ([, { ended }]) => String(ended) },
    ],
    Object.entries(counts),
  ),
].join('\n');
console.log(report);
const page = readFileSync(PAGE, 'utf8');
const [before, after] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
writeFileSync(PAGE, `${page.slice(0, before)}\n\n${report}\n\n${page.slice(after)}`);
if (rows.some(({ slope, most }) => slope > most)) process.exitCode = 1;
