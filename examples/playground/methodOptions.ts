/** What the page asks of methods, told by the names of the options that they have. */

/** Points of a path, channels and masks tried: fewer than by default, as people wait for them. */
const FEWER = { steps: 10, maxChannels: 8, samples: 200 } as const;

/** What else makes many passes. */
const MANY = ['window'];

/** Random masks are the same each time, and those of the code that is copied. */
const SEEDED = { seed: 1 } as const;

/** Class activation maps show what speaks for a class. */
const POSITIVE = { relu: true } as const;

/** Options of a method's call, besides those of every method. */
export type MethodOptions = Readonly<Record<string, number | boolean | string>>;

/** Tells whether a method takes several passes. */
export function takesSeveral(options: readonly string[]): boolean {
  return [...Object.keys(FEWER), ...MANY].some((option) => options.includes(option));
}

/**
 * Chooses what a method is called with, besides the options of every method.
 *
 * @param options - the names of those it has
 * @param layer - what class activation maps look at, where the library's choice is no good
 */
export function callOptions(options: readonly string[], layer?: string): MethodOptions {
  const wanted = { ...FEWER, ...SEEDED, ...POSITIVE, ...(layer !== undefined && { layer }) };
  return Object.fromEntries(Object.entries(wanted).filter(([option]) => options.includes(option)));
}
