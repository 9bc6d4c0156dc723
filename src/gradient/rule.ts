/**
 * What a gradient rule is. A table of rules has one entry per kernel; an entry has one rule per
 * input that has a gradient; a rule says which values it needs saved, and computes the input's
 * gradient from the output's.
 *
 * The rules of a fused kernel (convolution + bias + activation) see the gradient after it has gone
 * back through the activation, by the rule that the table has for the activation's own kernel.
 */
import type { DataType, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { KernelInputs } from './engine.js';
import type { Kernels } from '../kernels/index.js';
import type { RunCache } from './runCache.js';

/** An input or output of a recorded kernel. */
export interface Operand {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: DataType;
  /** Whether its value is a function of the model's input, so that a gradient has to go there. */
  readonly dependsOnInput: boolean;
}

/** One kernel of a forward pass, as it is to be recorded. */
export interface Step {
  readonly kernel: string;
  readonly attrs: NamedAttrMap;
  readonly operands: ReadonlyMap<string, Operand>;
  readonly inputs: KernelInputs;
}

/** One recorded kernel, as its rules see it on the way back. */
export interface KernelCall<Attrs = NamedAttrMap> {
  readonly kernel: string;
  readonly attrs: Attrs;
  readonly outputs: readonly Operand[];
  /**
   * The gradients with respect to the outputs; undefined where the score does not depend on one.
   */
  readonly dys: readonly (Tensor | undefined)[];
  /** What does not change between the samples of a run. */
  readonly cache: RunCache;
  /** The library's own kernels, where the backend has them. */
  readonly kernels: Kernels | undefined;
  /** The names of the inputs that are there. */
  readonly names: readonly string[];
  has(name: string): boolean;
  operand(name: string): Operand;
  /** The value of an input; the rule has to name it in `needs`. */
  value(name: string): Tensor;
  /** The value of an output; the rule has to name it in `needsOutput`. */
  output(index?: number): Tensor;
}

/** A value, or a function that tells it from the kernel's attributes. */
type PerAttrs<T> = T | ((attrs: object) => T);

/** What a rule asks to have saved. */
interface Saved {
  /** The inputs whose values it needs. */
  readonly needs?: PerAttrs<readonly string[]>;
  /** The output whose value it needs. */
  readonly needsOutput?: PerAttrs<number | undefined>;
}

export interface InputRule<Attrs = NamedAttrMap> extends Saved {
  /**
   * Computes the gradient with respect to the input `name`, of its shape; for a kernel of several
   * outputs, `dys` of the call has all their gradients.
   */
  gradient(dy: Tensor, call: KernelCall<Attrs>, name: string): Tensor;
}

/** The rules of one kernel by input name; '*' stands for each input that has no rule of its own. */
export type KernelRules = Readonly<Record<string, InputRule>>;

/** Kernel name -> rules. Another table is another method (guided backpropagation, for one). */
export type RuleTable = Readonly<Record<string, KernelRules>>;

/** The rule for an input, if the kernel has one. */
export function ruleFor(rules: KernelRules, name: string): InputRule | undefined {
  return rules[name] ?? rules['*'];
}

/** The inputs whose values a rule needs, for a kernel of these attributes. */
export function neededInputs({ needs = [] }: InputRule, attrs: object): readonly string[] {
  return typeof needs === 'function' ? needs(attrs) : needs;
}

/** The output whose value a rule needs, for a kernel of these attributes. */
export function neededOutput({ needsOutput }: InputRule, attrs: object): number | undefined {
  return typeof needsOutput === 'function' ? needsOutput(attrs) : needsOutput;
}

/** A rule typed by its kernel's attributes; the table, which holds all kernels, forgets them. */
export function inputRule<Attrs = NamedAttrMap>(
  gradient: InputRule<Attrs>['gradient'],
  saved: Saved = {},
): InputRule {
  return { ...saved, gradient } as unknown as InputRule;
}

/** The rules of a kernel with one differentiable input. */
export function rule<Attrs = NamedAttrMap>(
  name: string,
  gradient: InputRule<Attrs>['gradient'],
  saved: Saved = {},
): KernelRules {
  return { [name]: inputRule(gradient, saved) };
}
