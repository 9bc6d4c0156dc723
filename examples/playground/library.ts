/**
 * What the library has, read off when the page is built: its code names no method and no preset.
 */

export interface Method {
  /** What it is exported as. */
  readonly name: string;
  /** The names of its options besides those of every method. */
  readonly options: readonly string[];
}

export interface Preset {
  readonly name: string;
  readonly crop: 'none' | 'center';
}

declare const __METHODS__: readonly Method[];
declare const __PRESETS__: readonly Preset[];

/** What SmoothGrad averages, and what is computed first. */
export const PLAIN = 'vanillaGradient';

/** Points of a path and channels tried: fewer than by default, as people wait for them. */
const FEWER = { steps: 10, maxChannels: 8 } as const;

type Fewer = Partial<typeof FEWER>;

/** The plain gradient first, then what takes one gradient, then what takes several. */
export const METHODS: readonly Method[] = [...__METHODS__].sort((a, b) => rankOf(a) - rankOf(b));

export const PRESETS: readonly Preset[] = __PRESETS__;

/** Tells whether a model sees only the square in the middle of a photo. */
export function seesSquare(preset: string): boolean {
  return PRESETS.some(({ name, crop }) => name === preset && crop === 'center');
}

function rankOf({ name, options }: Method): number {
  if (name === PLAIN) return 0;
  return Object.keys(FEWER).some((option) => options.includes(option)) ? 2 : 1;
}

/** The options that a method is called with, besides those of every method. */
export function optionsOf(name: string): Fewer {
  const method = METHODS.find((candidate) => candidate.name === name);
  return Object.fromEntries(
    Object.entries(FEWER).filter(([option]) => method?.options.includes(option)),
  ) as Fewer;
}

/** 'gradientTimesInput' as 'Gradient times input'. */
export function titleOfMethod(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words[0]!.toUpperCase() + words.slice(1);
}
