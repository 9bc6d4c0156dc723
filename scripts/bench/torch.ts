/** PyTorch on the same shapes. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { InputError } from '../../examples/shared/run.js';

export interface TorchResult {
  readonly version: string;
  /** Medians, in milliseconds. */
  readonly forward: number;
  readonly gradient: number;
  /** The same on two threads. */
  readonly onTwoThreads: { readonly forward: number; readonly gradient: number };
  /** Bytes. */
  readonly resident: number;
}

/** Debian's, for which its python3-torch is made. */
const PYTHON = '/usr/bin/python3';

export function checkTorch(): void {
  try {
    execFileSync(PYTHON, ['-c', 'import torch'], { stdio: 'ignore' });
  } catch {
    throw new InputError(
      `--torch needs PyTorch for ${PYTHON} (Debian: apt-get install python3-torch)`,
    );
  }
}

export function measureTorch(config: unknown, size: number, runs: number): TorchResult {
  const input = JSON.stringify({ config, size, runs });
  const onThreads = (threads: 1 | 2): Omit<TorchResult, 'onTwoThreads'> => {
    const script = path.join(import.meta.dirname, 'keras_in_torch.py');
    const output = execFileSync(PYTHON, [script, String(threads)], { input, encoding: 'utf8' });
    return JSON.parse(output) as TorchResult;
  };
  const { forward, gradient } = onThreads(2);
  return { ...onThreads(1), onTwoThreads: { forward, gradient } };
}
