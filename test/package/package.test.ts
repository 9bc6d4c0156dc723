// The built package as an application gets it: packed, unpacked beside tfjs and imported by plain
// Node.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as source from 'tfjs-saliency';

const root = path.join(__dirname, '../..');
let app: string;
let packed: string[];

beforeAll(() => {
  const built = ['index', 'worker', 'node', 'imagenet', 'testing'].flatMap((name) =>
    ['js', 'cjs', 'd.ts', 'd.cts'].map((end) => `${name}.${end}`),
  );
  for (const file of [...built, 'tfjs-saliency.global.js']) {
    if (!existsSync(path.join(root, 'dist', file)))
      throw new Error(`dist/${file} is missing: run 'npm run build' first`);
  }
  app = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-'));
  const modules = path.join(app, 'node_modules');
  const target = path.join(modules, 'tfjs-saliency');
  mkdirSync(target, { recursive: true });
  // Without scripts, of which `prepare` would build anew.
  const report = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', app],
    {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const [{ filename, files }] = JSON.parse(report) as [
    { filename: string; files: { path: string }[] },
  ];
  packed = files.map((file) => file.path);
  execFileSync('tar', ['-xzf', path.join(app, filename), '-C', target, '--strip-components=1']);
  for (const name of ['@tensorflow', 'comlink']) {
    symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name), 'dir');
  }
});

afterAll(() => {
  if (app !== undefined) rmSync(app, { recursive: true, force: true });
});

/**
 * The rest of each program: on wasm, because the cpu backend greets on stderr, and without
 * tfjs-layers, which would register gradients that the library has to do without.
 */
const useIt = `
  await tf.setBackend('wasm');
  const weights = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const model = (x) => tf.softmax(tf.matMul(x, weights));
  const gradient = saliency.vanillaGradient(model, tf.tensor1d([1, 0, 1]), 1);
  const smooth = saliency.smoothGrad(model, tf.tensor1d([1, 0, 1]), 0, { samples: 3 });
  let error;
  try { saliency.smoothGrad(model, tf.tensor1d([1, 0]), 0, { samples: 0 }) } catch (thrown) { error = String(thrown) }
  console.log(JSON.stringify({
    names: Object.keys(saliency).filter((name) => name !== 'default').sort(),
    gradient: [...gradient.dataSync()],
    smooth: [...smooth.dataSync()].map(Math.round),
    error,
  }));
`;

const PROGRAMS: [string, string, string][] = [
  [
    'ESM',
    'esm.mjs',
    `import * as tf from '@tensorflow/tfjs-core';
     import '@tensorflow/tfjs-backend-wasm';
     import * as saliency from 'tfjs-saliency';
     ${useIt}`,
  ],
  [
    'CommonJS',
    'commonjs.cjs',
    `const tf = require('@tensorflow/tfjs-core');
     require('@tensorflow/tfjs-backend-wasm');
     const saliency = require('tfjs-saliency');
     (async () => {${useIt}})();`,
  ],
  [
    'a dynamic import in CommonJS',
    'dynamic.cjs',
    `const tf = require('@tensorflow/tfjs-core');
     require('@tensorflow/tfjs-backend-wasm');
     import('tfjs-saliency').then(async (saliency) => {${useIt}});`,
  ],
  [
    'a script tag beside the global tf',
    'script.cjs',
    `const tf = require('@tensorflow/tfjs-core');
     require('@tensorflow/tfjs-backend-wasm');
     globalThis.tf = tf;
     const { readFileSync } = require('node:fs');
     const { unpkg } = require('tfjs-saliency/package.json');
     const script = require.resolve('tfjs-saliency/package.json').replace('package.json', unpkg);
     require('node:vm').runInThisContext(readFileSync(script, 'utf8'));
     const saliency = globalThis.tfjsSaliency;
     (async () => {${useIt}})();`,
  ],
];

test.each(PROGRAMS)('%s: everything is exported, works, and prints nothing', (_, file, program) => {
  writeFileSync(path.join(app, file), program);
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
    cwd: app,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    names: Object.keys(source).sort(),
    gradient: [2, 4, 6],
    smooth: [1, 3, 5],
    error: 'RangeError: smoothGrad: samples must be a positive integer, got 0',
  });
});

test('importing it alone, before any backend, prints nothing and adds no global', () => {
  const program = `
    import '@tensorflow/tfjs-core';
    const before = Object.keys(globalThis).length;
    await import('tfjs-saliency');
    console.log(Object.keys(globalThis).length - before);
  `;
  writeFileSync(path.join(app, 'alone.mjs'), program);
  const { stdout, stderr } = spawnSync(process.execPath, ['alone.mjs'], {
    cwd: app,
    encoding: 'utf8',
  });
  expect([stdout, stderr]).toEqual(['0\n', '']);
});

test('the package holds the build, its sources and its papers, and no more', () => {
  expect(packed).toEqual(
    expect.arrayContaining([
      'package.json',
      'LICENSE',
      'README.md',
      'dist/index.js',
      'src/index.ts',
    ]),
  );
  expect(
    packed.filter(
      (file) => !/^(dist|src)\/|^(package\.json|LICENSE|README\.md|CHANGELOG\.md)$/.test(file),
    ),
  ).toEqual([]);
});

/** What a file of the build imports, and what its own files do. */
function importsOf(file: string): string[] {
  const code = readFileSync(path.join(root, 'dist', file), 'utf8');
  const imports = [
    ...code.matchAll(/(?:\bfrom\s*|\brequire\(|\bimport\(?)\s*["']([^"']+)["']/g),
  ].map(([, name]) => name!);
  return imports.flatMap((name) =>
    name.startsWith('./') ? importsOf(path.basename(name)) : [name],
  );
}

test.each(['index.js', 'index.cjs'])('dist/%s imports tfjs-core and nothing else', (file) => {
  expect(new Set(importsOf(file))).toEqual(new Set(['@tensorflow/tfjs-core']));
});

test.each(['imagenet.js', 'imagenet.cjs'])('dist/%s imports nothing', (file) => {
  expect(importsOf(file)).toEqual([]);
});

test.each(['worker.js', 'worker.cjs'])('dist/%s imports comlink besides', (file) => {
  const comlink = ['comlink', 'comlink/dist/umd/node-adapter.js'];
  expect(new Set(importsOf(file))).toEqual(new Set(['@tensorflow/tfjs-core', ...comlink]));
});

test.each(['connect.js', 'connect.cjs'])(
  'dist/%s, what a page needs of it, imports no tfjs',
  (file) => {
    expect(new Set(importsOf(file))).toEqual(
      new Set(['comlink', 'comlink/dist/umd/node-adapter.js']),
    );
  },
);
