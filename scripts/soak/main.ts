/**
 * `npm run soak`: runs of every kind, many ended early, for some minutes. Prints what grew per 1000
 * runs over the second half, writes it into docs/reliability.md, and fails if anything did.
 *
 * npm run soak -- --minutes 30 --seed 1
 */
import { spawn } from 'node:child_process';
import path from 'node:path';

const program = path.join(import.meta.dirname, 'measure.ts');
const args = ['--expose-gc', '--import', 'tsx', program, ...process.argv.slice(2)];
// glibc keeps what dead threads had, an arena each: with one for all, growth is the program's own.
const env = { ...process.env, MALLOC_ARENA_MAX: '1' };
spawn(process.execPath, args, { stdio: 'inherit', env }).on('exit', (code) => {
  process.exitCode = code ?? 1;
});
