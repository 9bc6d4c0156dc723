import { run } from '../shared/run.js';
import type { Outcome } from './runScript.js';

/**
 * Runs a program in this process, which is quicker than starting one: its flags, output and errors
 * are the same.
 */
export async function runHere(
  program: string,
  main: (args: string[]) => Promise<void>,
  args: string[],
): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((line) => {
      stdout += `${line}\n`;
    }),
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      stdout += String(chunk);
      return true;
    }),
    jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      stderr += String(chunk);
      return true;
    }),
  ];
  try {
    await run(program, () => main(args));
    return { status: Number(process.exitCode ?? 0), stdout, stderr };
  } finally {
    process.exitCode = undefined;
    spies.forEach((spy) => {
      spy.mockRestore();
    });
  }
}
