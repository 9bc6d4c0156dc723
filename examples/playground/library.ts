/**
 * What the library has, read off when the page is built: its code names as few methods and presets
 * as it can.
 */
import { callOptions, takesSeveral } from './methodOptions.js';
import type { Defaults, MethodOptions } from './methodOptions.js';

export const GROUPS = ['gradient', 'where', 'relevance', 'blackBox'] as const;
export type Group = (typeof GROUPS)[number];

export interface Method {
  /** What it is exported as. */
  readonly name: string;
  readonly group: Group;
  readonly options: Defaults;
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

export const METHODS: readonly Method[] = [...__METHODS__].sort((a, b) => rankOf(a) - rankOf(b));

/** What can be averaged over noise: what samples by itself takes too long. */
export const AVERAGED: readonly Method[] = METHODS.filter(({ options }) => !('samples' in options));

export const PRESETS: readonly Preset[] = __PRESETS__;

/** Tells whether a model sees only the square in the middle of a photo. */
export function seesSquare(preset: string): boolean {
  return PRESETS.some(({ name, crop }) => name === preset && crop === 'center');
}

/** Tells whether a method takes several passes. */
export function isSlow({ options }: Method): boolean {
  return takesSeveral(options);
}

function rankOf(method: Method): number {
  if (method.name === FIRST) return 0;
  if (method.name === PLAIN) return 1;
  return isSlow(method) ? 3 : 2;
}

/** The options that a method is called with, besides those of every method. */
export function optionsOf(name: string, layer?: string): MethodOptions {
  return callOptions(METHODS.find((method) => method.name === name)?.options ?? {}, layer);
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
