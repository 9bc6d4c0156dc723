/** Gradients in the form that `tf.registerGradient` takes. */
import { getGradient } from '@tensorflow/tfjs-core';
import type { GradConfig, GradFunc } from '@tensorflow/tfjs-core';
import { isBag, outOfRange, wrongType } from '../checks.js';

/** A config as `tf.registerGradient` takes it; the kernel is named by the key. */
export type GradientConfig = Omit<GradConfig, 'kernelName'> & { readonly kernelName?: string };

/**
 * Custom gradients by kernel name (`Relu`, `Floor`), which take precedence over the library's
 * rules.
 *
 * A gradient is a config as `tf.registerGradient` takes it, or its `gradFunc` alone, which is then
 * passed the values of all inputs, followed by those of all outputs.
 */
export type CustomGradients = Readonly<Record<string, GradientConfig | GradFunc>>;

export function checkGradients(
  argument: string,
  value: unknown,
): asserts value is CustomGradients | undefined {
  if (value === undefined) return;
  if (!isBag(value)) throw wrongType(argument, 'gradients by kernel name', value);
  for (const [kernel, gradient] of Object.entries(value)) {
    const { gradFunc } = (gradient ?? {}) as Partial<GradConfig>;
    if (typeof gradient !== 'function' && typeof gradFunc !== 'function') {
      const expected = 'a gradFunc, or a config with one as tf.registerGradient takes';
      throw wrongType(`${argument}.${kernel}`, expected, gradient);
    }
    if (!/^[A-Z_]/.test(kernel)) {
      throw outOfRange(argument, "named by kernels, such as 'Relu'", kernel);
    }
  }
}

/** A gradient function, and the values it is passed. */
export interface RegisteredGradient {
  readonly gradFunc: GradFunc;
  /** The names of the inputs to save; undefined for all. */
  readonly inputs: readonly string[] | undefined;
  /** The outputs to save; undefined for all. */
  readonly outputs: readonly boolean[] | undefined;
}

/** Finds the custom gradient for a kernel. */
export function customGradient(
  gradients: CustomGradients,
  kernel: string,
): RegisteredGradient | undefined {
  const gradient = Object.hasOwn(gradients, kernel) ? gradients[kernel] : undefined;
  if (gradient === undefined) return undefined;
  if (typeof gradient === 'function') {
    return { gradFunc: gradient, inputs: undefined, outputs: undefined };
  }
  return ofConfig(gradient);
}

/** Finds the gradient that the application registered with tfjs for a kernel. */
export function registeredGradient(kernel: string): RegisteredGradient | undefined {
  const config = getGradient(kernel) as GradConfig | undefined;
  return config == null ? undefined : ofConfig(config);
}

function ofConfig(config: GradientConfig): RegisteredGradient {
  const { gradFunc, inputsToSave = [], outputsToSave = [], saveAllInputs = false } = config;
  return { gradFunc, inputs: saveAllInputs ? undefined : inputsToSave, outputs: outputsToSave };
}
