/**
 * Checks of arguments, and the one form their errors have:
 * `function: argument must be what was expected, got what was given`.
 *
 * A value of the wrong type throws a TypeError, a value out of range a RangeError.
 */
import type { Tensor } from '@tensorflow/tfjs-core';

/** How a value is shown in an error: short, on one line, and telling 1 from '1'. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function')
    return value.name === '' ? 'a function' : `function ${value.name}`;
  if (Array.isArray(value)) {
    const shown = value.slice(0, 6).map(describe).join(', ');
    return value.length > 6 ? `[${shown}, ... ${value.length} in all]` : `[${shown}]`;
  }
  if (isTensor(value)) return `a tensor of shape [${value.shape.join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
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

export function wrongType(
  caller: string,
  argument: string,
  expected: string,
  given: unknown,
): TypeError {
  return new TypeError(`${caller}: ${argument} must be ${expected}, got ${describe(given)}`);
}

export function outOfRange(
  caller: string,
  argument: string,
  expected: string,
  given: unknown,
): RangeError {
  return new RangeError(`${caller}: ${argument} must be ${expected}, got ${describe(given)}`);
}

export function checkTensor(
  caller: string,
  argument: string,
  value: unknown,
): asserts value is Tensor {
  if (!isTensor(value)) throw wrongType(caller, argument, 'a tensor', value);
  if (value.isDisposed)
    throw new TypeError(`${caller}: ${argument} must be a live tensor, got a disposed one`);
  if (value.dtype === 'string' || value.dtype === 'complex64') {
    throw new TypeError(
      `${caller}: ${argument} must be a numeric tensor, got dtype ${value.dtype}`,
    );
  }
}

export function checkPositiveInteger(
  caller: string,
  argument: string,
  value: unknown,
): asserts value is number {
  if (typeof value !== 'number') throw wrongType(caller, argument, 'a positive integer', value);
  if (!Number.isInteger(value) || value < 1)
    throw outOfRange(caller, argument, 'a positive integer', value);
}

export function checkNonNegative(
  caller: string,
  argument: string,
  value: unknown,
): asserts value is number {
  if (typeof value !== 'number') throw wrongType(caller, argument, 'a finite number >= 0', value);
  if (!Number.isFinite(value) || value < 0)
    throw outOfRange(caller, argument, 'a finite number >= 0', value);
}

export function checkBoolean(
  caller: string,
  argument: string,
  value: unknown,
): asserts value is boolean {
  if (typeof value !== 'boolean') throw wrongType(caller, argument, 'true or false', value);
}

/**
 * @throws TypeError for a value that is no string, RangeError for a string that is not among
 * `choices`.
 */
export function checkChoice<T extends string>(
  caller: string,
  argument: string,
  value: unknown,
  choices: readonly T[],
): asserts value is T {
  const expected = `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`;
  if (typeof value !== 'string') throw wrongType(caller, argument, expected, value);
  if (!(choices as readonly string[]).includes(value))
    throw outOfRange(caller, argument, expected, value);
}

/** Whether a value is an object that may have named parts, not a list and not a tensor. */
export function isBag(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isTensor(value);
}

/**
 * @throws TypeError if `options` is no plain bag, or has a key that is not `known` (undefined: any
 * may be).
 */
export function checkOptions(
  caller: string,
  options: unknown,
  known: readonly string[] | undefined,
): void {
  if (!isBag(options)) throw wrongType(caller, 'options', 'an object', options);
  if (known === undefined) return;
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const closest = closestTo(key, known);
    const hint =
      closest === undefined ? `known are ${known.join(', ')}` : `did you mean '${closest}'?`;
    throw new TypeError(`${caller}: unknown option '${key}', ${hint}`);
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
