import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

const examples = path.dirname(__dirname);
const root = path.dirname(examples);

/**
 * Runs a script of examples/ in a Node of its own: jest cannot import what only exists as an ES
 * module.
 *
 * It is bundled before, because tsx takes many seconds to read large packages.
 *
 * @param script - Path relative to examples/.
 * @param cwd - The folder it runs in; the repository's unless given.
 */
export function runScript(script: string, args: string[], input = '', cwd = root): Outcome {
  // Beside the packages, so that Node finds them.
  const bundle = path.join(root, 'node_modules/.cache/tfjs-saliency', `${randomUUID()}.mjs`);
  const entries = ['/testing', '/imagenet', '/node', '/worker', ''];
  const flags = [
    ...['--bundle', '--platform=node', '--format=esm', '--packages=external'],
    ...['--log-level=error', '--sourcemap=inline', `--outfile=${bundle}`],
    ...entries.map((entry) => `--alias:tfjs-saliency${entry}=${root}/src${entry}/index.ts`),
  ];
  const esbuild = path.join(root, 'node_modules/esbuild/bin/esbuild');
  const built = run(esbuild, [path.resolve(examples, script), ...flags]);
  if (built.status !== 0) throw new Error(built.stderr);
  try {
    return run(process.execPath, ['--enable-source-maps', bundle, ...args], input, cwd);
  } finally {
    rmSync(bundle);
  }
}

function run(program: string, args: string[], input = '', cwd = root): Outcome {
  // Jest has a copy of the environment, which a test may change.
  const { env } = process;
  const options = { cwd, env, input, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  const { error, status, stdout, stderr } = spawnSync(program, args, options);
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}
