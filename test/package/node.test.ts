// The built entries node and imagenet, as an application gets them, with and without the packages
// that they can do without.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';

const root = path.join(__dirname, '../..');
const MODELS = path.join(path.dirname(require.resolve('@vladmandic/human')), '../models');
let apps: string;

/** Makes an application that has these packages beside the built library. */
function makeApp(name: string, packages: string[]): void {
  const app = path.join(apps, name);
  const modules = path.join(app, 'node_modules');
  const library = path.join(modules, 'tfjs-saliency');
  mkdirSync(path.join(modules, '@tensorflow'), { recursive: true });
  // Not linked, so that its imports are looked for in the application.
  cpSync(path.join(root, 'dist'), path.join(library, 'dist'), { recursive: true });
  cpSync(path.join(root, 'package.json'), path.join(library, 'package.json'));
  for (const name of packages)
    symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name), 'dir');
}

beforeAll(async () => {
  apps = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-node-'));
  makeApp('empty', []);
  makeApp('bare', ['@tensorflow/tfjs-core']);
  const tfjs = ['core', 'converter', 'backend-wasm'].map((name) => `@tensorflow/tfjs-${name}`);
  makeApp('full', [...tfjs, 'sharp']);
  const raw = { width: 2, height: 1, channels: 3 } as const;
  const photo = sharp(Uint8Array.of(1, 2, 3, 4, 5, 6), { raw });
  await photo.png().toFile(path.join(apps, 'full/two.png'));
});

afterAll(() => {
  if (apps !== undefined) rmSync(apps, { recursive: true, force: true });
});

/** Runs a program as ESM or CommonJS, and reads the JSON that it prints. */
function run(app: string, kind: 'esm' | 'commonjs', names: string[], body: string): unknown {
  const imports = names.map((name) => {
    const id = name.replace(/\W/g, '_');
    return kind === 'esm'
      ? `import * as ${id} from '${name}';`
      : `const ${id} = require('${name}');`;
  });
  const cwd = path.join(apps, app);
  const file = path.join(cwd, kind === 'esm' ? 'program.mjs' : 'program.cjs');
  writeFileSync(file, `${imports.join('\n')}\n(async () => {${body}})();`);
  const { stdout, stderr } = spawnSync(process.execPath, [file], { cwd, encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe.each(['esm', 'commonjs'] as const)('%s', (kind) => {
  test('without converter and sharp, each is named when it is needed', () => {
    const body = `
      const { loadModel, readImage, classNames } = tfjs_saliency_node;
      const messageOf = (promise) => promise.then(() => 'none', (error) => error.message);
      console.log(JSON.stringify([
        await messageOf(loadModel(${JSON.stringify(path.join(MODELS, 'emotion.json'))})),
        await messageOf(readImage('photo.jpg')),
        await messageOf(classNames('nothing')),
      ]));`;
    const missing = (name: string) =>
      `needs the package ${name}, which is not installed: npm install ${name}`;
    expect(run('bare', kind, ['tfjs-saliency/node'], body)).toEqual([
      `loadModel: ${missing('@tensorflow/tfjs-converter')}`,
      `readImage: ${missing('sharp')}`,
      'nothing: no such file or folder',
    ]);
  });

  test('with them, a trained model is loaded and explained, and nothing printed', () => {
    const names = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'];
    const body = `
      const tf = _tensorflow_tfjs_core;
      await tf.setBackend('wasm');
      const { loadModel, readImage, guessPreprocessing, FileError } = tfjs_saliency_node;
      const location = ${JSON.stringify(path.join(MODELS, 'emotion.json'))};
      const model = await loadModel(location);
      const { preprocess } = await guessPreprocessing(model, location);
      const photo = await readImage('two.png');
      const map = tfjs_saliency.vanillaGradient(model, photo, 'argmax', { preprocess });
      const error = await loadModel('missing').catch((thrown) => thrown);
      console.log(JSON.stringify([[...photo.data], map.shape, error instanceof FileError]));`;
    const library = ['tfjs-saliency', 'tfjs-saliency/node'];
    expect(run('full', kind, [...names, ...library], body)).toEqual([
      [1, 2, 3, 4, 5, 6],
      [64, 64, 1],
      true,
    ]);
  });

  test('the names of ImageNet need no tfjs', () => {
    const body = `
      const { imagenetClasses, imagenetClassesWithBackground } = tfjs_saliency_imagenet;
      console.log(JSON.stringify([imagenetClasses[281], imagenetClassesWithBackground[282]]));`;
    expect(run('empty', kind, ['tfjs-saliency/imagenet'], body)).toEqual([
      'tabby, tabby cat',
      'tabby, tabby cat',
    ]);
  });
});
