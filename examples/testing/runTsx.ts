import { spawnSync } from 'node:child_process';
import path from 'node:path';

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a script of examples/ in a Node of its own, the way users do: jest cannot import what only
 * exists as an ES module.
 *
 * @param script - Path relative to examples/.
 */
export function runTsx(script: string, args: string[], input = ''): Outcome {
  const examples = path.dirname(__dirname);
  const { error, status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', path.join(examples, script), ...args],
    { cwd: path.dirname(examples), input, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}
