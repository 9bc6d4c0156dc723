/** The methods that programs offer by name: the library's, and SmoothGrad. */
import * as methods from '../../src/method/index.js';
import { InputError } from './run.js';

export type PlainMethod = keyof typeof methods;
export type MethodName = PlainMethod | 'smoothGrad';

export const methodNames = ['smoothGrad', ...Object.keys(methods).sort()] as readonly MethodName[];

/** Finds the function of a method that is no SmoothGrad. */
export function plainMethod(name: PlainMethod): (typeof methods)[PlainMethod] {
  return methods[name];
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
