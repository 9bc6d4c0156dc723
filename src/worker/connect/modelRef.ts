/** What stands for a model, and the key by which it is known. */

export interface KeyedModelRef {
  readonly value: unknown;
  /** The same for values of the same content. */
  readonly key: string;
}

/**
 * Objects that are no plain data (files, buffers) are known by being the same, as comparing them
 * would take long.
 */
const numbers = new WeakMap<object, number>();
let numbered = 0;

export const withKey = (value: unknown): KeyedModelRef => ({ value, key: keyOf(value) });

function keyOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || Object.getPrototypeOf(prototype) === null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${keyOf(part)}`).join()}}`;
  }
  let number = numbers.get(value);
  if (number === undefined) numbers.set(value, (number = numbered++));
  return `#${number}`;
}
