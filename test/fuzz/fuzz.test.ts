// Oracle: a law: hostile input ends in a right result or a typed error of one line, in time.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { faultOf } from '../../scripts/fuzz/target.js';

const root = path.join(__dirname, '../..');

test('some seconds of hostile input find nothing', async () => {
  const main = path.join(root, 'scripts/fuzz/main.ts');
  const args = ['--import', 'tsx', main, '--minutes', '0.1', '--seed', '1'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root }).catch(
    (failure: { stdout: string }) => failure,
  );
  const lines = stdout.trim().split('\n').slice(1);
  for (const line of lines) expect(line).toMatch(/^\w+: [1-9]\d* cases, 0 faults, \d+ MB at most$/);
  expect(lines.length).toBe(6);
});

test.each([
  ['an error of the engine', new TypeError("Cannot read properties of undefined (reading 'x')")],
  ['an error of the engine', new TypeError('nodes.find is not a function')],
  ['an error of several lines', new RangeError('a\nb')],
  ['an error without a type of ours', new Error('x')],
  ['threw', 'x'],
])('%s is a fault', (fault, thrown) => {
  expect(faultOf(thrown)).toContain(fault);
});

test('a typed error of one line is none', () => {
  expect(faultOf(new RangeError('count must be a positive integer, got 0'))).toBeUndefined();
});
