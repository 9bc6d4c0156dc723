/** The library's methods, with options that make them quick, whatever the method. */
import type { Tensor } from '@tensorflow/tfjs-core';
import * as exported from '../../src/method/index.js';
import { methodOf } from '../../src/method/defineMethod.js';
import type { Attribution, Method } from '../../src/method/defineMethod.js';
import type { OptionTable } from '../../src/options.js';

/** A method seen as any other: its options are not known to the type. */
export type AnyAttribution = Attribution<Record<string, unknown>>;

export interface MethodUnderTest {
  readonly name: string;
  readonly attribute: AnyAttribution;
  readonly table: OptionTable;
  /** Small counts and a fixed seed, where the method has such options. */
  readonly quick: Record<string, unknown>;
}

const QUICK: Readonly<Record<string, unknown>> = {
  steps: 4,
  samples: 4,
  masks: 6,
  seed: 1,
  window: 4,
  segments: 4,
  cells: 2,
};

const underTest = (attribute: object, method: Method): MethodUnderTest => {
  const table = method.options!;
  const quick = Object.fromEntries(Object.entries(QUICK).filter(([option]) => option in table));
  return { name: method.name, attribute: attribute as AnyAttribution, table, quick };
};

/** One row per method, for `describe.each`. */
export const METHODS: readonly [string, MethodUnderTest][] = Object.values(exported)
  .map((attribute: object): MethodUnderTest | undefined => {
    const method = methodOf(attribute);
    return method && underTest(attribute, method);
  })
  .filter((method) => method !== undefined)
  .map((method) => [method.name, method]);

/** The shape of a map: a method may attribute to places only, [..., 1]. */
export const mapShape = (leading: readonly number[], map: Tensor): number[] => [
  ...leading,
  8,
  8,
  map.shape.at(-1) === 1 ? 1 : 3,
];

export const bitsOf = (map: Tensor): number[] => [
  ...new Uint32Array(map.dataSync<'float32'>().slice().buffer),
];
