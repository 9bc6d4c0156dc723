/** A model whose kernels can be given other inputs, by a hook that is switched on and off. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { withKernelHook } from '../gradient/kernelHook.js';
import type { KernelHook } from '../gradient/kernelHook.js';
import type { Model, ModelFunction } from '../model/model.js';

export interface SwitchableModel {
  /** Runs as the model does, under the present hook. */
  readonly model: Model;
  /** The hook of later passes; undefined for none. */
  hook: KernelHook | undefined;
}

/**
 * Makes a switchable model of any; the model itself stays as it is.
 * @param beforePass called with the input of each pass
 */
export function switchableModel(
  model: Model,
  beforePass: (input: Tensor) => void = () => undefined,
): SwitchableModel {
  const switchable: { model: Model; hook: KernelHook | undefined } = { model, hook: undefined };
  const run = <T>(input: Tensor, forward: () => T): T => {
    beforePass(input);
    return switchable.hook === undefined ? forward() : withKernelHook(switchable.hook, forward);
  };
  switchable.model =
    typeof model === 'function' ? hookedFunction(model, run) : hookedObject(model, run);
  return switchable;
}

type Run = <T>(input: Tensor, forward: () => T) => T;

function hookedFunction(model: ModelFunction, run: Run): ModelFunction {
  const hooked = (input: Tensor) => run(input, () => model(input));
  return model.inputs === undefined ? hooked : Object.assign(hooked, { inputs: model.inputs });
}

/** A proxy has all that the library looks at, whatever kind of model it is. */
function hookedObject<M extends object>(model: M, run: Run): M {
  return new Proxy(model, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || (name !== 'predict' && name !== 'execute')) return value;
      const method = value as (...call: unknown[]) => unknown;
      return (...call: [Tensor, ...unknown[]]) => run(call[0], () => method.apply(target, call));
    },
  });
}
