/** The methods that programs offer by name: the library's, and SmoothGrad. */
import type { Attribution, AttributionOptions } from 'tfjs-saliency';
import { methodOf } from '../../src/method/defineMethod.js';
import * as methods from '../../src/method/index.js';
import { InputError } from './run.js';

export type PlainMethod = keyof typeof methods;
export type MethodName = PlainMethod | 'smoothGrad';

export const methodNames = ['smoothGrad', ...Object.keys(methods).sort()] as readonly MethodName[];

/** Options that some methods have, as flags tell them. */
export interface MethodOptions {
  readonly layer?: string | number;
  readonly relu?: boolean;
}

/** Finds the function of a method that is no SmoothGrad. */
export function plainMethod(name: PlainMethod): Attribution<AttributionOptions & MethodOptions> {
  return methods[name] as Attribution<AttributionOptions & MethodOptions>;
}

const hasOption = (name: MethodName, option: keyof MethodOptions): boolean =>
  name !== 'smoothGrad' && option in methodOf(methods[name])!.options!;

const layerMethods = methodNames.filter((name) => hasOption(name, 'layer'));

export const layerUsage = `  --layer NAME    which layer class activation maps look at: its name, or -2 for the last but one (the one that the head reads)`;

/**
 * Reads the options of a method. Class activation maps show what speaks for the class, as their
 * papers do.
 *
 * @throws InputError for a layer where the method has none.
 */
export function readMethodOptions(name: MethodName, layer: string | undefined): MethodOptions {
  if (layer !== undefined && !hasOption(name, 'layer'))
    throw new InputError(`--layer needs a --method that has one: ${layerMethods.join(', ')}`);
  return {
    ...(layer !== undefined && { layer: /^-\d+$/.test(layer) ? Number(layer) : layer }),
    ...(hasOption(name, 'relu') && { relu: true }),
  };
}

/** @throws InputError if there is no method of that name. */
export function methodNamed(name: string): MethodName {
  const method = methodNames.find((candidate) => candidate === name);
  if (method === undefined)
    throw new InputError(`--method must be one of ${methodNames.join(', ')}, got '${name}'`);
  return method;
}

/** 'integratedGradients' as 'integrated gradients'. */
export function titleOf(method: MethodName): string {
  if (method === 'smoothGrad') return 'SmoothGrad';
  return method.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
