/**
 * Runs jobs in processes of their own, from one bundle: without a TypeScript loader in their
 * memory.
 */
import { fork } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'tsup';
import type { GpuJob, GpuResult, Job, LibraryResult, MethodsResult, PlainResult } from './job.js';
import type { PictureJob, PictureResult, WorkersJob, WorkersResult } from './job.js';

export interface Children {
  run(job: Job & { way: 'library' }): Promise<LibraryResult>;
  run(job: Job & { way: 'tf.grad' }): Promise<PlainResult>;
  run(job: Job & { way: 'methods' }): Promise<MethodsResult>;
  /** By npm's webgpu. */
  runGpu(job: GpuJob): Promise<GpuResult>;
  runPicture(job: PictureJob): Promise<PictureResult>;
  runWorkers(job: WorkersJob): Promise<WorkersResult>;
  close(): Promise<void>;
}

export async function openChildren(): Promise<Children> {
  // Inside the project, so that the bundle finds tfjs.
  const cache = path.join(import.meta.dirname, '../../node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'bench-'));
  await build({
    entry: ['child', 'gpuChild', 'pictureChild', 'workersChild', 'servedModel'].map((name) =>
      path.join(import.meta.dirname, `${name}.ts`),
    ),
    outDir: folder,
    format: 'esm',
    target: 'es2022',
    external: [/^@tensorflow\//, 'webgpu'],
    splitting: false,
    config: false,
    silent: true,
    outExtension: () => ({ js: '.mjs' }),
  });
  return {
    run: <T>(job: Job) =>
      runJob<T>(
        path.join(folder, 'child.mjs'),
        job,
        `${job.way} of ${job.model} on ${job.backend}`,
      ),
    runGpu: (job) =>
      runJob(path.join(folder, 'gpuChild.mjs'), job, `${job.model} on ${job.backend}`),
    runPicture: (job) =>
      runJob(path.join(folder, 'pictureChild.mjs'), job, `${job.method} of ${job.model}`),
    runWorkers: (job) =>
      runJob(path.join(folder, 'workersChild.mjs'), job, `${job.workers} workers of ${job.model}`),
    close: () => rm(folder, { recursive: true }),
  };
}

function runJob<T>(script: string, job: object, name: string): Promise<T> {
  const child = fork(script, [JSON.stringify(job)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let result: T | undefined;
    let complaints = '';
    child.stderr!.on('data', (text: Buffer) => (complaints += text.toString()));
    child.on('message', (message) => (result = message as T));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 && result !== undefined) resolve(result);
      else reject(new Error(`${name} ended with code ${code}:\n${complaints}`));
    });
  });
}
