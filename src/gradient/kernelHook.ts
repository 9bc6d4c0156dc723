/**
 * Replaces kernels' inputs or outputs during one forward pass: for random weights without changing
 * the model, for ablation, and for finite differences of inner gradients.
 */
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { engine } from './engine.js';
import type { Engine, KernelInputs, RunKernel } from './engine.js';

/** A kernel that is about to run, or has run. */
export interface HookedKernel {
  readonly kernel: string;
  readonly inputs: KernelInputs;
  readonly attrs: NamedAttrMap;
  /** Its number in the forward pass, the same in every pass of a model. */
  readonly index: number;
}

/** The functions run inside the pass's tidy, and must keep shapes. */
export interface KernelHook {
  /** Returns an output that is known already, so that the kernel need not run. */
  known?(kernel: HookedKernel): Tensor | undefined;
  /** Returns inputs to run the kernel with; undefined keeps the present ones. */
  inputs?(kernel: HookedKernel): KernelInputs | undefined;
  /** Returns a tensor in place of the output; undefined keeps the output. */
  output?(kernel: HookedKernel, output: Tensor): Tensor | undefined;
}

/** Whether a hook is computing: its kernels are no part of any pass, so none counts them. */
let computing = false;

export const isHookComputing = (): boolean => computing;

function asHook<T>(compute: () => T): T {
  const before = computing;
  computing = true;
  try {
    return compute();
  } finally {
    computing = before;
  }
}

/** Runs kernels through a hook, and counts them. */
export class HookRunner {
  private count = 0;

  constructor(private readonly hook: KernelHook | undefined) {}

  /** @param run runs the kernel with the inputs it is given */
  run(
    kernel: string,
    inputs: KernelInputs,
    attrs: NamedAttrMap,
    run: (inputs: KernelInputs, index: number) => Tensor | Tensor[],
  ): Tensor | Tensor[] {
    const { hook } = this;
    const index = this.count++;
    if (hook === undefined) return run(inputs, index);
    const hooked = { kernel, inputs, attrs, index };
    const known = asHook(() => hook.known?.(hooked));
    if (known !== undefined) return known;
    const result = run(asHook(() => hook.inputs?.(hooked)) ?? inputs, index);
    if (Array.isArray(result)) return result;
    return asHook(() => hook.output?.(hooked, result)) ?? result;
  }
}

/** Runs a forward pass under a hook, without recording it. */
export function withKernelHook<T>(hook: KernelHook, forward: () => T): T {
  const runner = new HookRunner(hook);
  const original = engine().runKernel.bind(engine());
  let inside = false;
  const runKernel: RunKernel = (kernel, inputs, attrs = {}) => {
    // A kernel's implementation, and a hook, may run kernels.
    if (inside || isHookComputing()) return original(kernel, inputs, attrs);
    inside = true;
    try {
      return runner.run(kernel, inputs, attrs, (used) => original(kernel, used, attrs));
    } finally {
      inside = false;
    }
  };
  return withReplaced({ runKernel }, forward);
}

/** Runs a synchronous function while methods of the engine are replaced. */
export function withReplaced<T>(methods: Partial<Engine>, run: () => T): T {
  const target = engine();
  const before = Object.getOwnPropertyDescriptors(target) as PropertyDescriptorMap;
  try {
    Object.assign(target, methods);
    return run();
  } finally {
    for (const name of Object.keys(methods)) restore(target, before, name);
  }
}

/** Restores a method; usually that deletes the property, as the prototype has the method. */
function restore(target: object, before: PropertyDescriptorMap, name: string): void {
  const descriptor = before[name];
  if (descriptor === undefined) Reflect.deleteProperty(target, name);
  else Object.defineProperty(target, name, descriptor);
}
