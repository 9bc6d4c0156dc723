// The compiled kernels. Oracle: the compiler, run anew on the sources.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

test('src/kernels/binary.ts is what the sources make', () => {
  const script = path.join(__dirname, '../../scripts/kernels/compile.ts');
  const args = ['--import', 'tsx', script, '--check'];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toContain('main.ts');
}, 300_000);
