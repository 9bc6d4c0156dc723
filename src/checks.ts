/**
 * Checks of arguments, and the one form their errors have:
 * `argument must be what was expected, got what was given`.
 *
 * A value of the wrong type throws a TypeError, a value out of range a RangeError; `inFunction`
 * puts the function's name before it.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { toBeNamed } from './inFunction.js';

/** Shows a value in an error: short, on one line, and telling 1 from '1'. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function')
    return value.name === '' ? 'a function' : `function ${value.name}`;
  if (Array.isArray(value)) {
    const shown = value.slice(0, 6).map(describe).join(', ');
    return value.length > 6 ? `[${shown}, ... ${value.length} in all]` : `[${shown}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const { shape } = value as { shape?: unknown };
    if (Array.isArray(shape))
      return `${isTensor(value) ? 'a tensor' : 'numbers'} of shape [${shape.join(', ')}]`;
    const name = (value as { constructor?: { name?: string } }).constructor?.name;
    if (name !== undefined && name !== 'Object')
      return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
    const keys = Object.keys(value);
    return keys.length === 0 ? '{}' : `{ ${keys.slice(0, 6).join(', ')} }`;
  }
  return String(value);
}

/**
 * Structural, because an application may hold two copies of tfjs-core: `instanceof` is false across
 * them.
 */
export function isTensor(value: unknown): value is Tensor {
  const tensor = value as Partial<Tensor> | null | undefined;
  return (
    typeof tensor === 'object' &&
    tensor !== null &&
    Array.isArray(tensor.shape) &&
    typeof tensor.dtype === 'string' &&
    typeof tensor.dataSync === 'function'
  );
}

/** Makes the TypeError of an argument; `wayOut` is added after what was given. */
export function wrongType(
  argument: string,
  expected: string,
  given: unknown,
  wayOut?: string,
): TypeError {
  return toBeNamed(new TypeError(messageOf(argument, expected, given, wayOut)));
}

/** Makes the RangeError of an argument; `wayOut` is added after what was given. */
export function outOfRange(
  argument: string,
  expected: string,
  given: unknown,
  wayOut?: string,
): RangeError {
  return toBeNamed(new RangeError(messageOf(argument, expected, given, wayOut)));
}

function messageOf(argument: string, expected: string, given: unknown, wayOut?: string): string {
  const message = `${argument} must be ${expected}, got ${describe(given)}`;
  return wayOut === undefined ? message : `${message}; ${wayOut}`;
}

/** A check of one value; `argument` is how its error calls it. */
export type Check<T> = (argument: string, value: unknown) => asserts value is T;

export function checkTensor(argument: string, value: unknown): asserts value is Tensor {
  if (value instanceof Promise) throw wrongType(argument, 'a tensor', value, 'await it first');
  if (!isTensor(value)) throw wrongType(argument, 'a tensor', value);
  if (value.isDisposed) {
    throw toBeNamed(new TypeError(`${argument} must be a live tensor, got a disposed one`));
  }
  if (value.dtype === 'string' || value.dtype === 'complex64') {
    throw toBeNamed(
      new TypeError(`${argument} must be a numeric tensor, got dtype ${value.dtype}`),
    );
  }
}

/** A check of numbers by `isIn`, whose errors say that `expected` was expected. */
function numberCheck(expected: string, isIn: (value: number) => boolean): Check<number> {
  return (argument, value) => {
    if (typeof value !== 'number') throw wrongType(argument, expected, value);
    if (!isIn(value)) throw outOfRange(argument, expected, value);
  };
}

export const checkPositiveInteger: Check<number> = /* @__PURE__ */ numberCheck(
  'a positive integer',
  (value) => Number.isInteger(value) && value >= 1,
);

export const checkNonNegative: Check<number> = /* @__PURE__ */ numberCheck(
  'a finite number >= 0',
  (value) => Number.isFinite(value) && value >= 0,
);

export function checkBoolean(argument: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw wrongType(argument, 'true or false', value);
}

export function checkFunction(
  argument: string,
  value: unknown,
): asserts value is (...args: never[]) => unknown {
  if (typeof value !== 'function') throw wrongType(argument, 'a function', value);
}

/**
 * @throws TypeError for a value that is no string, RangeError for a string that is not among
 *   `choices`.
 */
export function checkChoice<T extends string>(
  argument: string,
  value: unknown,
  choices: readonly T[],
): asserts value is T {
  const expected = `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`;
  if (typeof value !== 'string') throw wrongType(argument, expected, value);
  if (!(choices as readonly string[]).includes(value)) throw outOfRange(argument, expected, value);
}

/** Whether a value is an object that may have named parts, not a list and not a tensor. */
export function isBag(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isTensor(value);
}

export function checkBag(argument: string, value: unknown): asserts value is object {
  if (!isBag(value)) throw wrongType(argument, 'an object', value);
}

/**
 * @throws TypeError if `options` is no plain bag, or has a key that is not `known` (undefined: any
 * may be).
 */
export function checkOptions(options: unknown, known: readonly string[] | undefined): void {
  checkBag('options', options);
  if (known === undefined) return;
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const closest = closestTo(key, known);
    const hint =
      closest === undefined ? `known are ${known.join(', ')}` : `did you mean '${closest}'?`;
    throw toBeNamed(new TypeError(`unknown option '${key}', ${hint}`));
  }
}

/**
 * The name within two edits of `word` (or of which `word` is a beginning, whatever its case), if
 * there is one.
 */
export function closestTo(word: string, names: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const begun = names.find((name) => lower.length > 2 && name.toLowerCase().startsWith(lower));
  if (begun !== undefined) return begun;
  const ranked = names
    .map((name) => ({ name, distance: editDistance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0] !== undefined && ranked[0].distance <= 2 ? ranked[0].name : undefined;
}

/** Levenshtein's distance, one row of its table at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
