// The built entry `testing` where applications test: examples/unit-test in Jest, as CommonJS and as
// ESM, and in Vitest. Oracle: the example's own tests pass, and one that has to fail does.
import { transformSync } from 'esbuild';
import { spawnSync } from 'node:child_process';
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
  // With a test that fails: a runner that ran none would pass.
  const failing = `test('fails', () => expect(() => tf.ones([1])).toLeaveNoTensors());`;
  const passing = readFileSync(path.join(app, 'saliency.test.js'), 'utf8');
  writeFileSync(path.join(app, 'saliency.test.js'), `${passing}\n${failing}`);
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

/** Expects that the example's tests pass, and only the one that has to fail does. */
function expectOneFailure({ status, output }: Run): void {
  expect(output).toMatch(/Tests:? +1 failed(,| \|) [1-9]\d* passed/);
  expect(output).toContain('expected no tensor left, got 1');
  expect(status).not.toBe(0);
}

test.each([
  ['CommonJS', 'cjs', ''],
  ['ESM', 'esm', '--experimental-vm-modules'],
] as const)('in Jest, as %s', (_, format, flags) => {
  const app = makeApp(format, format);
  writeFileSync(path.join(app, 'jest.json'), '{ "testEnvironment": "node", "transform": {} }');
  const bin = path.join(root, 'node_modules/jest/bin/jest.js');
  expectOneFailure(run(app, bin, ['--config', 'jest.json'], { NODE_OPTIONS: flags }));
});

test('in Vitest', () => {
  const app = makeApp('vitest', 'esm');
  const bin = path.join(root, 'node_modules/vitest/vitest.mjs');
  expectOneFailure(run(app, bin, ['run', '--globals']));
});
