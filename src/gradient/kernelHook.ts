/**
 * Replacing what kernels are given or return, for the length of one forward pass: random weights
 * without touching the model, ablation, finite differences of inner gradients.
 */
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { engine } from './engine.js';
import type { Engine, KernelInputs, RunKernel } from './engine.js';

/** A kernel that is about to run, or has run. */
export interface HookedKernel {
  readonly kernel: string;
  readonly inputs: KernelInputs;
  readonly attrs: NamedAttrMap;
  /** Its number in the forward pass, which is the same in every pass of the same model. */
  readonly index: number;
}

/** Both functions run inside the pass's tidy, and what they return must have the same shapes. */
export interface KernelHook {
  /** The inputs to run the kernel with; undefined for those it has. */
  inputs?(kernel: HookedKernel): KernelInputs | undefined;
  /** The tensor to go on with in place of the output; undefined for the output itself. */
  output?(kernel: HookedKernel, output: Tensor): Tensor | undefined;
}

/** Runs a kernel as the hook wants it; the numbers of kernels are counted here. */
export class HookRunner {
  private count = 0;

  constructor(private readonly hook: KernelHook | undefined) {}

  /** @param run runs the kernel, with the hook's inputs if there are such */
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
    const result = run(hook.inputs?.(hooked) ?? inputs, index);
    if (hook.output === undefined || Array.isArray(result)) return result;
    return hook.output(hooked, result) ?? result;
  }
}

/** Runs a forward pass under a hook, without recording it. */
export function withKernelHook<T>(hook: KernelHook, forward: () => T): T {
  const runner = new HookRunner(hook);
  const original = engine().runKernel.bind(engine());
  let inside = false;
  const runKernel: RunKernel = (kernel, inputs, attrs = {}) => {
    // A kernel's own implementation, and the hook itself, may run kernels.
    if (inside) return original(kernel, inputs, attrs);
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

/** They are methods of the engine's prototype, so that normally the own property just goes. */
function restore(target: object, before: PropertyDescriptorMap, name: string): void {
  const descriptor = before[name];
  if (descriptor === undefined) Reflect.deleteProperty(target, name);
  else Object.defineProperty(target, name, descriptor);
}
