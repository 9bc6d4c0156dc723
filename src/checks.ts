/**
 * Checks of arguments, and the one form their errors have:
 * `argument must be EXPECTED, got ACTUAL; WAY OUT`.
 *
 * A value of the wrong type throws a TypeError, a value out of range a RangeError; `inFunction`
 * puts the function's name before it.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { toBeNamed } from './inFunction.js';

/** Shows a value in an error: short, on one line, and telling 1 from '1'. */
export function describe(value: unknown): string {
  // On one line, and cut.
  if (typeof value === 'string')
    return `'${value.replace(/\s/g, ' ').replace(/(.{200}).+/, '$1...')}'`;
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function';
  if (Array.isArray(value)) {
    const items = value.slice(0, 6).map(describe);
    if (value.length > 6) items.push(`... ${value.length} in all`);
    return `[${items.join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  const { shape, constructor } = value as { shape?: unknown; constructor?: { name: string } };
  if (Array.isArray(shape)) {
    return `${isTensor(value) ? 'a tensor' : 'numbers'} of shape [${shape.join(', ')}]`;
  }
  const { name } = constructor ?? Object;
  if (name !== 'Object') return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
  const keys = Object.keys(value).slice(0, 6).join(', ');
  return keys ? `{ ${keys} }` : '{}';
}

/**
 * Tells whether a value is a tensor, of any copy of tfjs-core.
 *
 * Structural, because `instanceof` is false across two copies.
 */
export function isTensor(value: unknown): value is Tensor {
  const tensor = value as Partial<Tensor> | null | undefined;
  return (
    Array.isArray(tensor?.shape) &&
    typeof tensor.dtype === 'string' &&
    typeof tensor.dataSync === 'function'
  );
}

/** Makes the TypeError of an argument; `wayOut` is added at the end. */
export function wrongType(
  argument: string,
  expected: string,
  value: unknown,
  wayOut?: string,
): TypeError {
  return toBeNamed(new TypeError(messageOf(argument, expected, describe(value), wayOut)));
}

/** Makes the RangeError of an argument; `wayOut` is added at the end. */
export function outOfRange(
  argument: string,
  expected: string,
  value: unknown,
  wayOut?: string,
): RangeError {
  return toBeNamed(new RangeError(messageOf(argument, expected, describe(value), wayOut)));
}

function messageOf(argument: string, expected: string, actual: string, wayOut?: string): string {
  const message = `${argument} must be ${expected}, got ${actual}`;
  return wayOut ? `${message}; ${wayOut}` : message;
}

/** A check of one value, which errors call `argument`. */
export type Check<T> = (argument: string, value: unknown) => asserts value is T;

/** @throws TypeError unless the value is a live tensor of numbers */
export function checkTensor(argument: string, value: unknown): asserts value is Tensor {
  if (!isTensor(value)) {
    const wayOut = value instanceof Promise ? 'await it first' : '';
    throw wrongType(argument, 'a tensor', value, wayOut);
  }
  const { isDisposed, dtype } = value;
  if (isDisposed || dtype === 'string' || dtype === 'complex64') {
    const message = isDisposed
      ? messageOf(argument, 'a live tensor', 'a disposed one')
      : messageOf(argument, 'a numeric tensor', `dtype ${dtype}`);
    throw toBeNamed(new TypeError(message));
  }
}

/** Makes a check of numbers; its errors say that `expected` was expected. */
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

/** @throws TypeError unless the value is a string, RangeError unless it is one of `choices` */
export function checkChoice<T extends string>(
  argument: string,
  value: unknown,
  choices: readonly T[],
): asserts value is T {
  const expected = `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`;
  if (typeof value !== 'string') throw wrongType(argument, expected, value);
  if (!(choices as readonly string[]).includes(value)) throw outOfRange(argument, expected, value);
}

/** Tells whether a value is an object that is neither an array nor a tensor. */
export function isBag(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isTensor(value);
}

export function checkBag(argument: string, value: unknown): asserts value is object {
  if (!isBag(value)) throw wrongType(argument, 'an object', value);
}

/** @throws TypeError unless `options` is an object, all of whose keys are `known` (if given) */
export function checkOptions(options: unknown, known: readonly string[] | undefined): void {
  checkBag('options', options);
  if (known === undefined) return;
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const closest = closestTo(key, known);
    const hint =
      closest === undefined ? `known are ${known.join(', ')}` : `did you mean '${closest}'?`;
    throw toBeNamed(new TypeError(`unknown option ${describe(key)}, ${hint}`));
  }
}

/** Finds the name that begins with `word`, or is within two edits of it; case does not matter. */
export function closestTo(word: string, names: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const begun = names.find((name) => lower.length > 2 && name.toLowerCase().startsWith(lower));
  if (begun !== undefined) return begun;
  const ranked = names
    .map((name) => ({ name, distance: editDistance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0] !== undefined && ranked[0].distance <= 2 ? ranked[0].name : undefined;
}

/** Computes Levenshtein's distance, one row of its table at a time. */
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
