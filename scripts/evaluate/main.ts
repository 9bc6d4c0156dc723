/**
 * `npm run evaluate`: every method by every metric, of the trained models and the photos that come
 * with npm packages, on the wasm backend. Each photo's figures are kept in out/evaluate, so that a
 * run that was ended goes on where it was; the tables go into docs/which-method.md when all are
 * there.
 *
 * npm run evaluate -- --models liveness,emotion --photos 2 --workers 1
 */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { useWasm } from '../../examples/shared/backend.js';
import { evaluatePhoto } from './job.js';
import type { JobResult } from './job.js';
import { MODEL_NAMES } from './models.js';
import { PHOTOS } from './photos.js';
import { tablesOf } from './table.js';

const FOLDER = path.resolve('out/evaluate');
const PAGE = path.resolve('docs/which-method.md');
const [BEGIN, END] = ['<!-- measured -->', '<!-- /measured -->'];

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: MODEL_NAMES.join() },
    photos: { type: 'string', default: String(PHOTOS) },
    workers: { type: 'string', default: '2' },
    /** Of the jobs, which one a process begins with. */
    shard: { type: 'string' },
  },
});
const models = values.models.split(',');
const workers = Number(values.workers);

const jobs = models.flatMap((model) =>
  Array.from({ length: Number(values.photos) }, (_, photo) => ({ model, photo })),
);

const fileOf = (model: string, photo: number): string =>
  path.join(FOLDER, `${model}-${photo}.json`);

const read = (model: string, photo: number): JobResult =>
  JSON.parse(readFileSync(fileOf(model, photo), 'utf8')) as JobResult;

async function runShard(shard: number): Promise<void> {
  await useWasm();
  mkdirSync(FOLDER, { recursive: true });
  for (const { model, photo } of jobs.filter((_, i) => i % workers === shard)) {
    const file = fileOf(model, photo);
    if (existsSync(file)) continue;
    const start = performance.now();
    const result = await evaluatePhoto(model, photo);
    // Under its name only when it is whole.
    writeFileSync(`${file}.part`, JSON.stringify(result));
    renameSync(`${file}.part`, file);
    console.log(`${model}, photo ${photo}: ${Math.round((performance.now() - start) / 1000)} s`);
    for (const [method, why] of Object.entries(result.failed)) console.log(`  ${method}: ${why}`);
  }
}

function inChildren(): Promise<unknown> {
  return Promise.all(
    Array.from({ length: workers }, (_, shard) => {
      const args = [...process.argv.slice(2), '--shard', String(shard)];
      const child = fork(process.argv[1]!, args, { execArgv: process.execArgv });
      return new Promise<void>((resolve, reject) => {
        child.on('exit', (code) => {
          if (code === 0) resolve();
          else reject(new Error(`shard ${shard} ended with exit code ${String(code)}`));
        });
      });
    }),
  );
}

function writeTables(): void {
  const results = Object.fromEntries(
    models.map((model) => [
      model,
      jobs.filter((job) => job.model === model).map(({ photo }) => read(model, photo)),
    ]),
  );
  const tables = tablesOf(results).join('\n');
  console.log(tables);
  if (models.length < MODEL_NAMES.length || Number(values.photos) < PHOTOS) return;
  const page = readFileSync(PAGE, 'utf8');
  const [before, after] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  writeFileSync(PAGE, `${page.slice(0, before)}\n\n${tables}\n\n${page.slice(after)}`);
  // Intervals over photos are wider than what is rounded.
  const rounded = JSON.stringify(results, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  );
  writeFileSync(path.resolve('docs/which-method.json'), `${rounded}\n`);
}

if (values.shard === undefined) {
  await inChildren();
  writeTables();
} else await runShard(Number(values.shard));
