// The built entry `testing` where applications test: examples/unit-test in Jest, as CommonJS and as
// ESM, and in Vitest. Oracle: the example's own tests pass, and one that has to fail does.
import { transformSync } from 'esbuild';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '../..');
const example = path.join(root, 'examples/unit-test');
let apps: string;

/** Makes an application of the example beside the built library. */
function makeApp(name: string, format: 'cjs' | 'esm'): string {
  const app = path.join(apps, name);
  const library = path.join(app, 'node_modules/tfjs-saliency');
  mkdirSync(library, { recursive: true });
  cpSync(path.join(root, 'dist'), path.join(library, 'dist'), { recursive: true });
  cpSync(path.join(root, 'package.json'), path.join(library, 'package.json'));
  const tensorflow = path.join(root, 'node_modules/@tensorflow');
  symlinkSync(tensorflow, path.join(app, 'node_modules/@tensorflow'), 'dir');
  const type = format === 'esm' ? 'module' : 'commonjs';
  writeFileSync(path.join(app, 'package.json'), JSON.stringify({ private: true, type }));
  for (const file of ['explainPhoto', 'saliency.test']) {
    const code = readFileSync(path.join(example, `${file}.ts`), 'utf8');
    const { code: script } = transformSync(code, { loader: 'ts', format });
    writeFileSync(path.join(app, `${file}.js`), script);
  }
  // Without it, a runner that ran no test would pass.
  const failing = `test('fails', () => expect(() => tf.ones([1])).toLeaveNoTensors());`;
  const passing = readFileSync(path.join(app, 'saliency.test.js'), 'utf8');
  writeFileSync(path.join(app, 'failing.test.js'), `${passing}\n${failing}`);
  return app;
}

interface Run {
  readonly status: number | null;
  readonly output: string;
}

function run(cwd: string, script: string, args: string[], env: object = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
  });
  return { status, output: stdout + stderr };
}

beforeAll(() => {
  apps = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-testing-'));
});

afterAll(() => {
  rmSync(apps, { recursive: true, force: true });
});

/** @param file runs the tests of a file */
function expectOneFailure(file: (name: string) => Run): void {
  const good = file('saliency.test.js');
  if (good.status !== 0) throw new Error(good.output);
  const bad = file('failing.test.js');
  expect(bad.status).not.toBe(0);
  expect(bad.output).toContain('expected no tensor left, got 1');
}

test.each([
  ['CommonJS', 'cjs', ''],
  ['ESM', 'esm', '--experimental-vm-modules'],
] as const)('in Jest, as %s', (_, format, flags) => {
  const app = makeApp(format, format);
  writeFileSync(path.join(app, 'jest.json'), '{ "testEnvironment": "node", "transform": {} }');
  const bin = path.join(root, 'node_modules/jest/bin/jest.js');
  expectOneFailure((name) =>
    run(app, bin, ['--config', 'jest.json', name], { NODE_OPTIONS: flags }),
  );
});

test('in Vitest', () => {
  const app = makeApp('vitest', 'esm');
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
  const tools = path.join(apps, 'tools');
  mkdirSync(tools);
  writeFileSync(path.join(tools, 'package.json'), '{ "private": true }');
  execFileSync('npm', ['install', ...flags, 'vitest@4'], { cwd: tools, stdio: 'pipe' });
  const bin = path.join(tools, 'node_modules/vitest/vitest.mjs');
  expectOneFailure((name) => run(app, bin, ['run', '--globals', name]));
}, 240_000);
