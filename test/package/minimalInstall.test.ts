// An empty folder with exactly core, converter, one backend and the packed library explains a
// trained graph model.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '../..');
const MODELS = path.join(path.dirname(require.resolve('@vladmandic/human')), '../models');
const TFJS = ['core', 'converter', 'backend-wasm'].map((name) => `@tensorflow/tfjs-${name}@4.22.0`);

/**
 * Central differences of the logit along a direction are the oracle: log p is the logit less a
 * common term.
 */
const PROGRAM = `
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { loadGraphModelSync } from '@tensorflow/tfjs-converter';
import { vanillaGradient } from 'tfjs-saliency';

await tf.setBackend('wasm');
const json = JSON.parse(readFileSync(${JSON.stringify(path.join(MODELS, 'liveness.json'))}, 'utf8'));
const data = readFileSync(${JSON.stringify(path.join(MODELS, 'liveness.bin'))});
const model = loadGraphModelSync({ load: () => ({
  modelTopology: json.modelTopology,
  weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
  weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
}) });
const shape = [1, 32, 32, 3];
const x = tf.randomUniform(shape, 0, 1, 'float32', 1);
const direction = tf.randomNormal(shape, 0, 1, 'float32', 2);
const logProbability = (step) => Math.log(model.predict(tf.add(x, tf.mul(direction, step))).dataSync()[0]);
const gradient = vanillaGradient(model, x, 0, { score: 'logProbability' });
const along = tf.sum(tf.mul(gradient, direction)).dataSync()[0];
const h = 1e-3;
console.log(JSON.stringify({ along, difference: (logProbability(h) - logProbability(-h)) / (2 * h) }));
`;

test('core, converter, one backend and the tarball are enough', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-minimal-'));
  try {
    const npm = (args: string[], cwd: string) =>
      execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    npm(['pack', '--ignore-scripts', '--pack-destination', folder], root);
    const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'))!;
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    npm(['install', '--no-audit', '--no-fund', `./${tarball}`, ...TFJS], folder);
    expect(readdirSync(path.join(folder, 'node_modules/@tensorflow')).sort()).toEqual([
      'tfjs-backend-cpu', // a dependency of the wasm backend
      'tfjs-backend-wasm',
      'tfjs-converter',
      'tfjs-core',
    ]);

    writeFileSync(path.join(folder, 'explain.js'), PROGRAM);
    const { stdout, stderr } = spawnSync('node', ['explain.js'], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    const { along, difference } = JSON.parse(stdout) as { along: number; difference: number };
    expect(Math.abs(difference)).toBeGreaterThan(1e-3);
    expect(Math.abs(along - difference)).toBeLessThan(0.02 * Math.abs(difference));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
