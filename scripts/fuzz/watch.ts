/** Runs a target in a child, and ends it when a case hangs or takes too much memory. */
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChildMessage } from './child.js';

const LONGEST_CASE = 10_000;
/** Preparing a target: tfjs is loaded, workers start. */
const LONGEST_START = 60_000;
const MOST_MEMORY = 2e9;
const PAGE = 4096;

export interface Outcome {
  readonly target: string;
  readonly cases: number;
  readonly faults: readonly string[];
  /** Bytes. */
  readonly peakMemory: number;
}

export function watchTarget(target: string, seed: number, seconds: number): Promise<Outcome> {
  const root = mkdtempSync(path.join(tmpdir(), 'fuzz-'));
  const job = { target, seed, seconds, root };
  const child = fork(path.join(import.meta.dirname, 'child.ts'), [JSON.stringify(job)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const faults: string[] = [];
  let [cases, peakMemory, isDone, complaints] = [0, 0, false, ''];
  let last: ChildMessage = { kind: 'case', seed, what: 'starting' };
  let heard = performance.now();
  const give = (what: string): void => {
    if (isDone) return;
    isDone = true;
    faults.push(`seed ${'seed' in last ? last.seed : seed}: ${what}`);
    child.kill('SIGKILL');
  };
  child.stderr!.on(
    'data',
    (text: Buffer) => (complaints = (complaints + text.toString()).slice(-2000)),
  );
  child.on('message', (message: ChildMessage) => {
    heard = performance.now();
    if (message.kind === 'fault') faults.push(`seed ${message.seed}: ${message.what}`);
    else if (message.kind === 'end') [cases, isDone] = [message.cases, true];
    else {
      cases += message.what === undefined ? 1 : 0;
      last = message;
    }
  });
  const timer = setInterval(() => {
    const memory = residentMemory(child.pid!);
    peakMemory = Math.max(peakMemory, memory);
    const what = 'what' in last ? last.what : '';
    if (memory > MOST_MEMORY) give(`${what}: took ${memory} bytes of memory`);
    const limit = cases === 0 ? LONGEST_START : LONGEST_CASE;
    if (performance.now() - heard > limit) give(`${what}: nothing for ${limit / 1000} s`);
  }, 50);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearInterval(timer);
      give(`the process ended with ${code ?? signal}: ${complaints}`);
      rmSync(root, { recursive: true });
      resolve({ target, cases, faults, peakMemory });
    });
  });
}

/** Of a process of Linux, in bytes; elsewhere unknown, 0. */
function residentMemory(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE;
  } catch {
    return 0;
  }
}
