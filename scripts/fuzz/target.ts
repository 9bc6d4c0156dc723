/** What is fuzzed: one file each, one line each in targets/index.ts. */
import { memory } from '@tensorflow/tfjs-core';
import type { Draw } from './random.js';

export interface Target {
  readonly name: string;
  /** Prepares what all its cases share. @param folder its own, which is removed afterwards */
  open(folder: string): Promise<OpenTarget>;
}

export interface OpenTarget {
  /**
   * Runs one case: returns if the result is right, or throws the library's error.
   * @param tell says what is done, for the report of a failure
   */
  run(draw: Draw, tell: (what: string) => void): Promise<void>;
  close?(): Promise<void> | void;
}

/** What a right refusal looks like: of a class that callers can tell, and one line. */
const TYPED = /^(TypeError|RangeError|FileError|InputError|GradientError|OutOfMemoryError)$/;

/** A result that is wrong, which is no refusal. */
export class WrongResult extends Error {
  override readonly name = 'WrongResult';
}

/** Says what is wrong with what was thrown; undefined if it is a typed error of one line. */
export function faultOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return `threw ${String(thrown)}`;
  const { name, message, stack = '' } = thrown;
  const shown = `${name}: ${message}\n${stack.split('\n').slice(1, 8).join('\n')}`;
  if (!TYPED.test(name)) return `an error without a type of ours: ${shown}`;
  if (/[\r\n]/.test(message)) return `an error of several lines: ${shown}`;
  // V8's own: the library stumbled, and did not refuse; a FileError names what tfjs says.
  if (
    name === 'TypeError' &&
    /^(Cannot (read|convert|destructure)|[\w.$()]+ is not (a function|iterable))/.test(message)
  )
    return `an error of the engine: ${shown}`;
  return undefined;
}

/** A run after which, whether it was refused or not, something is checked. */
export function checkAfter(begin: () => () => void, run: OpenTarget['run']): OpenTarget['run'] {
  return async (draw, tell) => {
    const check = begin();
    const refusal = await run(draw, tell).catch((error: unknown) => ({ error }));
    check();
    if (refusal !== undefined) throw refusal.error;
  };
}

/** Checks that there are as many tensors as at the beginning. */
export function noTensorsLeft(): () => void {
  const before = memory().numTensors;
  return () => {
    const left = memory().numTensors - before;
    if (left !== 0) throw new WrongResult(`${left} tensors left`);
  };
}
