// The built library where applications test it: in Jest with jsdom 20 (of Jest 29) and 26 (of Jest
// 30). Oracle: a linear model, whose gradient is its weights.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '../..');

const TEST = `
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const { colorize, encodePNG, smoothGradAsync } = require('tfjs-saliency');

const model = (x) => tf.matMul(x, tf.tensor2d([1, 2, 3], [3, 1]));
const run = (options) =>
  smoothGradAsync(model, tf.tensor1d([1, 0, 1]), 0, { samples: 20, batchSize: 1, ...options });
const values = async (map) => [...(await map).dataSync()].map(Math.round);

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => jest.useRealTimers());

test('a long run ends', async () => {
  expect(await values(run())).toEqual([1, 2, 3]);
});

test('also under fake timers, which were set after the library was loaded', async () => {
  jest.useFakeTimers();
  expect(await values(run())).toEqual([1, 2, 3]);
});

test('and where neither MessageChannel nor setImmediate is there', async () => {
  const { MessageChannel, setImmediate } = globalThis;
  delete globalThis.MessageChannel;
  delete globalThis.setImmediate;
  try {
    await jest.isolateModulesAsync(async () => {
      const bare = require('tfjs-saliency');
      const tf = require('@tensorflow/tfjs-core');
      require('@tensorflow/tfjs-backend-cpu');
      await tf.setBackend('cpu');
      const weights = tf.tensor2d([1, 2, 3], [3, 1]);
      const map = await bare.smoothGradAsync(
        (x) => tf.matMul(x, weights), tf.tensor1d([1, 0, 1]), 0, { samples: 20, batchSize: 1 });
      expect([...map.dataSync()].map(Math.round)).toEqual([1, 2, 3]);
    });
  } finally {
    if (MessageChannel) globalThis.MessageChannel = MessageChannel;
    if (setImmediate) globalThis.setImmediate = setImmediate;
  }
});

test("jsdom's own AbortSignal ends a run", async () => {
  const controller = new AbortController();
  const onProgress = ({ done }) => done >= 3 && controller.abort();
  const failed = run({ signal: controller.signal, onProgress });
  await expect(failed).rejects.toMatchObject({ name: 'AbortError' });
  const early = new AbortController();
  early.abort();
  await expect(run({ signal: early.signal })).rejects.toMatchObject({ name: 'AbortError' });
});

test('a PNG is encoded', async () => {
  const png = await encodePNG(colorize(tf.tensor2d([[0, 1]]), 'gray'));
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
});
`;

test.each([
  ['20', '29'],
  ['26', '30'],
])(
  'in jsdom %s, of Jest %s',
  (_, jest) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-jsdom-'));
    try {
      writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
      const packages = [`jest@${jest}`, `jest-environment-jsdom@${jest}`];
      const flags = ['--no-audit', '--no-fund', '--ignore-scripts'];
      execFileSync('npm', ['install', ...flags, ...packages], { cwd: folder, stdio: 'pipe' });
      const modules = path.join(folder, 'node_modules');
      const library = path.join(modules, 'tfjs-saliency');
      mkdirSync(library);
      for (const name of ['dist', 'package.json'])
        symlinkSync(path.join(root, name), path.join(library, name));
      symlinkSync(
        path.join(root, 'node_modules/@tensorflow'),
        path.join(modules, '@tensorflow'),
        'dir',
      );
      writeFileSync(path.join(folder, 'saliency.test.js'), TEST);
      const config = JSON.stringify({ testEnvironment: 'jsdom', modulePaths: [modules] });
      writeFileSync(path.join(folder, 'jest.config.json'), config);
      const bin = path.join(modules, 'jest/bin/jest.js');
      const args = [bin, '--config', 'jest.config.json'];
      const { status, stderr } = spawnSync(process.execPath, args, {
        cwd: folder,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  240_000,
);
