/** Runs steps and counts what passed. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Step } from './steps.js';

export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Adds up counts. */
export function sumOf(counts: readonly Count[]): Count {
  const sum = (key: keyof Count): number => counts.reduce((total, count) => total + count[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** Runs steps, at most `atOnce` at a time, and prints the output of each when it has ended. */
export async function runSteps(steps: readonly Step[], atOnce: number): Promise<Count> {
  const waiting = [...steps];
  const counts: Count[] = [];
  const runWaiting = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
      counts.push(await runStep(step, atOnce === 1));
  };
  await Promise.all(Array.from({ length: atOnce }, runWaiting));
  return sumOf(counts);
}

async function runStep(step: Step, isAlone: boolean): Promise<Count> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-test-'));
  try {
    const results = path.join(folder, 'results.json');
    const [program, ...args] = step.command;
    if (step.isJest) args.push('--json', '--outputFile', results);
    const begun = performance.now();
    const { status, output } = await run(program!, args, isAlone);
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    console.log(`${output}${step.name}: ${status === 0 ? 'passed' : 'FAILED'}, ${seconds} s`);
    return step.isJest ? countOf(results, status) : oneIf(status === 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const oneIf = (passed: boolean): Count => ({
  passed: passed ? 1 : 0,
  failed: passed ? 0 : 1,
  skipped: 0,
});

/** Reads Jest's count; a file that could not be run, or a Jest that failed, is a failure. */
function countOf(results: string, status: number | null): Count {
  let count = oneIf(false);
  try {
    const report = JSON.parse(readFileSync(results, 'utf8')) as JestReport;
    count = {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch (error) {
    console.error(`no results of Jest: ${String(error)}`);
  }
  return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

/** Runs a program; Jest's JSON on stdout is in its file too, and not shown. */
function run(
  program: string,
  args: string[],
  isAlone: boolean,
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const isJest = program === 'jest';
    const stdout = isJest || !isAlone ? 'pipe' : 'inherit';
    const child = spawn(program, args, {
      stdio: ['ignore', stdout, isAlone ? 'inherit' : 'pipe'],
    });
    const parts: Buffer[] = [];
    if (!isAlone) {
      child.stdout?.on('data', (part: Buffer) => parts.push(part));
      child.stderr?.on('data', (part: Buffer) => parts.push(part));
    } else child.stdout?.pipe(process.stdout);
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status, output: Buffer.concat(parts).toString() });
    });
  });
}
