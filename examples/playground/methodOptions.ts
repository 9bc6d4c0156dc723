/** What the page asks of methods, told by the names of the options that they have. */
import type { OptionTable } from '../../src/options.js';

/** Points of a path, channels and masks tried: fewer than by default, as people wait for them. */
const FEWER = { steps: 10, maxChannels: 8, samples: 200 } as const;

/** What else makes many passes. */
const MANY = ['window'];

/** Random masks are the same each time, and those of the code that is copied. */
const SEEDED = { seed: 1 } as const;

/** Class activation maps show what speaks for a class. */
const POSITIVE = { relu: true } as const;

/** The options that a method has besides those of every method, with what they are by default. */
export type Defaults = Readonly<Record<string, unknown>>;

/** Options of a method's call, besides those of every method. */
export type MethodOptions = Readonly<Record<string, number | boolean | string>>;

/** Tells whether a method takes several passes. */
export function takesSeveral(defaults: Defaults): boolean {
  return [...Object.keys(FEWER), ...MANY].some((option) => option in defaults);
}

/**
 * Chooses what a method is called with, besides the options of every method.
 *
 * @param layer - what class activation maps look at, where the library's choice is no good
 */
export function callOptions(defaults: Defaults, layer?: string): MethodOptions {
  const wanted = { ...FEWER, ...SEEDED, ...POSITIVE, ...(layer !== undefined && { layer }) };
  return Object.fromEntries(
    Object.entries(wanted)
      .filter(([option]) => option in defaults)
      .map(([option, value]) => [option, option in FEWER ? fewer(value, defaults[option]) : value]),
  );
}

const fewer = <T>(value: T, usual: unknown): T | number =>
  typeof usual === 'number' && typeof value === 'number' ? Math.min(value, usual) : value;

/** Reads off a method's table of options what they are by default. */
export function defaultsOf(table: OptionTable): Defaults {
  return Object.fromEntries(
    Object.entries(table).map(([name, { defaultValue }]) => {
      const value = defaultValue();
      return [name, typeof value === 'number' ? value : null];
    }),
  );
}
