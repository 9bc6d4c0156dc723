// Oracle: the clock for a worker that never serves; a process of its own, which ends by itself.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { connectSaliency } from 'tfjs-saliency/worker';
import { expectError } from '../method/expectError.js';

const image = tf.randomNormal([1, 2, 3, 2], 0, 1, 'float32', 2);
const TIMEOUT = 300;
const MESSAGE =
  'connectSaliency: the worker has not called serveSaliency within 0.3 s (startTimeout)';
/** A worker that lives and listens, and never calls serveSaliency. */
const deaf = () =>
  new Worker("require('node:worker_threads').parentPort.on('message', () => {})", { eval: true });

describe('a worker that never calls serveSaliency', () => {
  test('is given up after startTimeout, with all calls that wait for it', async () => {
    const worker = deaf();
    const ended = new Promise((resolve) => worker.on('exit', resolve));
    const saliency = connectSaliency(worker, { startTimeout: TIMEOUT });
    const start = performance.now();
    const calls = [
      saliency.predict({}, image),
      saliency.vanillaGradient({}, image, 1),
      saliency.smoothGrad({}, image, 1, { samples: 2 }),
      saliency.smoothGradSteps({}, image, 1, { samples: 2 }).next(),
    ];
    for (const call of calls) await expect(call).rejects.toThrow(MESSAGE);
    expect(performance.now() - start).toBeGreaterThanOrEqual(TIMEOUT - 20);
    await ended;
    await expect(saliency.predict({}, image)).rejects.toThrow(MESSAGE);
    await saliency.close();
  });

  test('is started anew for the next call, if a function starts workers', async () => {
    let started = 0;
    const start = () => {
      started++;
      return deaf();
    };
    const saliency = connectSaliency(start, { startTimeout: TIMEOUT });
    for (let calls = 1; calls <= 2; calls++) {
      await expect(saliency.predict({}, image)).rejects.toThrow(MESSAGE);
      expect(started).toBe(calls);
    }
    await saliency.close();
  });

  test.each([
    [0, RangeError, '0'],
    [1.5, RangeError, '1.5'],
    ['1 s', TypeError, "'1 s'"],
    [null, TypeError, 'null'],
  ])('startTimeout: %p is refused', (startTimeout, kind, shown) => {
    expectError(
      () => connectSaliency(deaf, { startTimeout: startTimeout as number }),
      kind,
      `connectSaliency: startTimeout must be a positive integer, got ${shown}`,
    );
  });
});

describe('a program in Node that never calls close', () => {
  const run = promisify(execFile);
  const root = path.join(__dirname, '../..');
  const fileUrl = (file: string) => JSON.stringify(pathToFileURL(path.join(root, file)).href);

  /** Runs lines of a module, to which `saliency` is connected, in a process of its own. */
  async function outputOf(lines: string, worker = startServed): Promise<string> {
    const program = `
      import { Worker } from 'node:worker_threads';
      import { connectSaliency } from ${fileUrl('src/worker/index.ts')};
      import { startWorker } from ${fileUrl('examples/shared/startWorker.ts')};
      const saliency = connectSaliency(() => ${worker});
      const image = { data: Float32Array.from({ length: 12 }, (_, i) => i), shape: [1, 2, 3, 2] };
      ${lines}
      console.log('the last line');
    `;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const { stdout } = await run(process.execPath, args, { cwd: root, timeout: 60_000 });
    return stdout;
  }
  const startServed = `startWorker(new URL(${fileUrl('test/worker/served.ts')}))`;

  test('ends when its calls are done', async () => {
    const output = await outputOf(`
      const { shape } = await saliency.vanillaGradient({}, image, 1);
      console.log(JSON.stringify(shape));
      const map = await saliency.smoothGrad({}, image, 1, { samples: 3, batchSize: 1 });
      console.log(map.data.length);
    `);
    expect(output).toBe('[1,2,3,2]\n12\nthe last line\n');
  });

  test('lives on while a call is pending, though nothing else keeps it alive', async () => {
    const output = await outputOf(`
      void saliency.predict({ milliseconds: 300 }, image).then(() => console.log('done'));
    `);
    expect(output).toBe('the last line\ndone\n');
  });

  test('ends with a worker that was never called, and with one that does not serve', async () => {
    const deafWorker = `new Worker("require('node:worker_threads').parentPort.on('message', () => {})", { eval: true })`;
    expect(await outputOf('', deafWorker)).toBe('the last line\n');
    expect(await outputOf('saliency.close();', startServed)).toBe('the last line\n');
  });
});
