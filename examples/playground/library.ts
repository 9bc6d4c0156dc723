/**
 * What the library has, read off when the page is built: its code names as few methods and presets
 * as it can.
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

/** What SmoothGrad averages. */
export const PLAIN = 'vanillaGradient';

/** What is shown first: it takes one pass. */
export const FIRST = 'gradCam';

/** Points of a path and channels tried: fewer than by default, as people wait for them. */
const FEWER = { steps: 10, maxChannels: 8 } as const;

/** Class activation maps show what speaks for a class. */
const POSITIVE = { relu: true } as const;

/** Options of a method's call, besides those of every method. */
export type MethodOptions = Readonly<Record<string, number | boolean | string>>;

export const METHODS: readonly Method[] = [...__METHODS__].sort((a, b) => rankOf(a) - rankOf(b));

export const PRESETS: readonly Preset[] = __PRESETS__;

/** Tells whether a model sees only the square in the middle of a photo. */
export function seesSquare(preset: string): boolean {
  return PRESETS.some(({ name, crop }) => name === preset && crop === 'center');
}

/** Tells whether a method takes several passes. */
export function isSlow({ options }: Method): boolean {
  return Object.keys(FEWER).some((option) => options.includes(option));
}

function rankOf(method: Method): number {
  if (method.name === FIRST) return 0;
  if (method.name === PLAIN) return 1;
  return isSlow(method) ? 3 : 2;
}

/**
 * The options that a method is called with, besides those of every method.
 *
 * @param layer - the one that class activation maps look at, where the library's choice is no good
 */
export function optionsOf(name: string, layer?: string): MethodOptions {
  const known = METHODS.find((method) => method.name === name)?.options ?? [];
  const wanted = { ...FEWER, ...POSITIVE, ...(layer !== undefined && { layer }) };
  return Object.fromEntries(Object.entries(wanted).filter(([option]) => known.includes(option)));
}

const ACRONYMS = /^(hsic|lift|lime|lrp|rise|shap|xrai)$/;

/** 'gradientTimesInput' as 'Gradient times input', 'gradCamPlusPlus' as 'Grad-CAM++'. */
export function titleOfMethod(name: string): string {
  const cam = /^(guided)?(.*)Cam(PlusPlus)?$/.exec(name);
  if (cam === null) {
    const words = name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
    return capitalized(
      words.map((word) => (ACRONYMS.test(word) ? word.toUpperCase() : word)).join(' '),
    );
  }
  const [, guided, stem, plus] = cam;
  return `${guided === undefined ? '' : 'Guided '}${capitalized(stem!)}-CAM${plus === undefined ? '' : '++'}`;
}

function capitalized(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1);
}
