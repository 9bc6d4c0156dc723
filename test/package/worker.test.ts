// The built package in real Node: workers of node:worker_threads on wasm, started as ESM and as
// CommonJS.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '../..');
let app: string;

beforeAll(() => {
  app = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-worker-'));
  const modules = path.join(app, 'node_modules');
  mkdirSync(path.join(modules, 'tfjs-saliency'), { recursive: true });
  for (const name of ['dist', 'package.json']) {
    symlinkSync(path.join(root, name), path.join(modules, 'tfjs-saliency', name));
  }
  for (const name of ['@tensorflow', 'comlink'])
    symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
});

afterAll(() => {
  if (app !== undefined) rmSync(app, { recursive: true, force: true });
});

const serve = `
  await tf.setBackend('wasm');
  serveSaliency({
    load(scale) {
      if (scale === 0) throw new GradientError('no scale');
      return (x) => tf.matMul(x, tf.tensor2d([1, 2, 3, 4, 5, 6].map((weight) => weight * scale), [3, 2]));
    },
  });
`;

const use = (worker: string) => `
  const saliency = connectSaliency(() => new Worker(${worker}), { workers: 2 });
  const input = { data: [1, 0, 1], shape: [3] };
  const map = await saliency.smoothGrad(2, input, 1, { samples: 40, batchSize: 1 });
  const gradient = await saliency.vanillaGradient(10, tf.tensor1d([1, 0, 1]), 0);
  const errors = [];
  for (const call of [
    () => saliency.predict(2, input, { sample: 1 }),
    () => saliency.smoothGrad(2, input, 7),
    () => saliency.predict(0, input),
  ]) {
    await call().catch((error) => {
      const kind = [TypeError, RangeError, GradientError].find((each) => error instanceof each);
      errors.push([kind && kind.name, error.message]);
    });
  }
  await saliency.close();
  console.log(JSON.stringify({ map: [...map.data], shape: map.shape, gradient: [...gradient.dataSync()], errors }));
`;

const FILES: Record<string, string> = {
  'worker.mjs': `
    import * as tf from '@tensorflow/tfjs-core';
    import '@tensorflow/tfjs-backend-wasm';
    import { GradientError } from 'tfjs-saliency';
    import { serveSaliency } from 'tfjs-saliency/worker';
    ${serve}`,
  'worker.cjs': `
    const tf = require('@tensorflow/tfjs-core');
    require('@tensorflow/tfjs-backend-wasm');
    const { GradientError } = require('tfjs-saliency');
    const { serveSaliency } = require('tfjs-saliency/worker');
    (async () => {${serve}})();`,
  'main.mjs': `
    import { Worker } from 'node:worker_threads';
    import * as tf from '@tensorflow/tfjs-core';
    import '@tensorflow/tfjs-backend-wasm';
    import { GradientError } from 'tfjs-saliency';
    import { connectSaliency } from 'tfjs-saliency/worker';
    await tf.setBackend('wasm');
    ${use("new URL('./worker.mjs', import.meta.url)")}`,
  'main.cjs': `
    const { Worker } = require('node:worker_threads');
    const { join } = require('node:path');
    const tf = require('@tensorflow/tfjs-core');
    require('@tensorflow/tfjs-backend-wasm');
    const { GradientError } = require('tfjs-saliency');
    const { connectSaliency } = require('tfjs-saliency/worker');
    (async () => {
      await tf.setBackend('wasm');
      ${use("join(__dirname, 'worker.cjs')")}
    })();`,
};

test.each(['main.mjs', 'main.cjs'])(
  '%s: both sides work, with the error classes of the main entry',
  (main) => {
    for (const [file, program] of Object.entries(FILES))
      writeFileSync(path.join(app, file), program);
    const { stdout, stderr, status } = spawnSync(process.execPath, [main], {
      cwd: app,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      map: [4, 8, 12],
      shape: [3],
      gradient: [10, 30, 50],
      errors: [
        [
          'TypeError',
          "predict: unknown option 'sample', known are preprocess, output, batchSize, inputSpec, " +
            'onProgress, signal',
        ],
        ['RangeError', "smoothGrad: classIndex must be less than the model's 2 outputs, got 7"],
        ['GradientError', 'no scale'],
      ],
    });
  },
);

test('close is waited for, though a reply comes while the workers end', () => {
  writeFileSync(
    path.join(app, 'close.mjs'),
    `
    import { Worker } from 'node:worker_threads';
    import { connectSaliency } from 'tfjs-saliency/worker';
    const saliency = connectSaliency(() => new Worker(new URL('./worker.mjs', import.meta.url)));
    const input = { data: [1, 0, 1], shape: [3] };
    await saliency.predict(2, input);
    const reply = saliency.predict(2, input).catch((error) => error.message);
    await new Promise(setImmediate); // the call is sent
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200); // the reply waits
    await saliency.close();
    console.log(typeof (await reply));`,
  );
  const { stdout, status } = spawnSync(process.execPath, ['close.mjs'], {
    cwd: app,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  // That the connection is closed, or the result, where it came sooner.
  expect(stdout).toMatch(/^(string|object)\n$/);
});

test('the main thread of an application is no worker', () => {
  const program =
    "import('tfjs-saliency/worker').then(({ serveSaliency }) => serveSaliency({ load: () => undefined }))";
  const { stderr } = spawnSync(process.execPath, ['-e', program], { cwd: app, encoding: 'utf8' });
  expect(stderr).toContain('Error: serveSaliency: must be called in a worker');
});
