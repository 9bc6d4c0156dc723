/**
 * Compiles src/kernels/assembly into src/kernels/binary.ts.
 *
 * node --import tsx scripts/kernels/compile.ts [--check]: only compares, and fails if they differ.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TARGET = path.join(ROOT, 'src/kernels/binary.ts');
/** Started as a program: its types would declare globals of their own. */
const ASC = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');

const CODE = ['--runtime', 'stub', '-O3', '--noAssert', '--enable', 'simd'];
/** tfjs's memory may grow to 4 GiB, and an import has to allow as much. */
const MEMORY = ['--importMemory', '--noExportMemory', '--maximumMemory', '65536'];
/** Warns of v128 at a border to JavaScript, where none is. */
const QUIET = ['--disableWarning', '112'];

function compile(file: string, folder: string, ...flags: string[]): string {
  const output = path.join(folder, 'binary.wasm');
  const source = `src/kernels/assembly/${file}`;
  const args = [ASC, source, '--outFile', output, ...CODE, ...MEMORY, ...QUIET, ...flags];
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  const binary = readFileSync(output);
  console.log(`${[source, ...flags].join(' ')}: ${binary.length} bytes`);
  return binary.toString('base64');
}

function generate(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'kernels-'));
  try {
    const binaries = {
      MAIN: compile('main.ts', folder),
      PRODUCT: compile('product.ts', folder),
      RELAXED_PRODUCT: compile('product.ts', folder, '--enable', 'relaxed-simd'),
    };
    const constants = Object.entries(binaries).map(
      ([name, base64]) => `export const ${name} =\n  '${base64}';\n`,
    );
    return `/** Made of ./assembly by \`npm run kernels\`: WebAssembly in base64. */\n${constants.join('')}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const generated = generate();
if (!process.argv.includes('--check')) writeFileSync(TARGET, generated);
else if (readFileSync(TARGET, 'utf8') !== generated) {
  console.error('src/kernels/binary.ts is not what src/kernels/assembly makes: npm run kernels');
  process.exitCode = 1;
}
