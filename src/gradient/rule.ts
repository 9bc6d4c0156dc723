/**
 * The types of gradient rules.
 *
 * A table has one entry per kernel, an entry has one rule per differentiable input, and a rule
 * tells which values it needs saved, and computes the input's gradient from the output's.
 *
 * The rules of a fused kernel (convolution + bias + activation) get the gradient with respect to
 * the activation's input, computed by the table's rule for the activation's kernel.
 */
import type { DataType, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { KernelInputs } from './engine.js';
import type { Kernels } from '../kernels/index.js';
import type { RunCache } from './runCache.js';
import type { Tape } from './tape.js';

/** An input or output of a recorded kernel. */
export interface Operand {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: DataType;
  /** Whether it is computed from the model's input, so that it needs a gradient. */
  readonly dependsOnInput: boolean;
}

/** A kernel of a forward pass, to be recorded. */
export interface Step {
  readonly kernel: string;
  readonly attrs: NamedAttrMap;
  readonly operands: ReadonlyMap<string, Operand>;
  readonly inputs: KernelInputs;
}

/** A recorded kernel, as its rules see it. */
export interface KernelCall<Attrs = NamedAttrMap> {
  readonly kernel: string;
  readonly attrs: Attrs;
  readonly outputs: readonly Operand[];
  /**
   * The gradients with respect to the outputs; undefined where the score does not depend on one.
   */
  readonly dys: readonly (Tensor | undefined)[];
  /** Tensors that do not change between the samples of a run. */
  readonly cache: RunCache;
  /** The library's own kernels, where the backend has them. */
  readonly kernels: Kernels | undefined;
  /** The pass that the call is part of. */
  readonly tape: Tape;
  /** The names of the inputs that the call has. */
  readonly names: readonly string[];
  has(name: string): boolean;
  operand(name: string): Operand;
  /** Returns the value of an input, which the rule has to name in `needs`. */
  value(name: string): Tensor;
  /** Returns the value of an output, which the rule has to name in `needsOutput`. */
  output(index?: number): Tensor;
}

/** A value, or a function that computes it from the kernel's attributes. */
type PerAttrs<T> = T | ((attrs: object) => T);

/** The values that a rule needs saved. */
interface Saved {
  /** The names of inputs. */
  readonly needs?: PerAttrs<readonly string[]>;
  /** The index of an output. */
  readonly needsOutput?: PerAttrs<number | undefined>;
}

export interface InputRule<Attrs = NamedAttrMap> extends Saved {
  /**
   * Computes the gradient with respect to the input `name`, of the same shape.
   * @param call for a kernel with several outputs, `call.dys` has the gradients of all
   */
  gradient(dy: Tensor, call: KernelCall<Attrs>, name: string): Tensor;
  /** Tells whether nothing goes back to the input `name`, as if it were a constant. */
  isConstant?(call: KernelCall<Attrs>, name: string): boolean;
}

/** The rules of one kernel by input name; '*' is for every input without a rule. */
export type KernelRules = Readonly<Record<string, InputRule>>;

/** Rules by kernel name. Another table is another method, such as guided backpropagation. */
export type RuleTable = Readonly<Record<string, KernelRules>>;

/** Finds the rule for an input. */
export function ruleFor(rules: KernelRules, name: string): InputRule | undefined {
  return rules[name] ?? rules['*'];
}

/** Lists the inputs whose values a rule needs, for a kernel with these attributes. */
export function neededInputs({ needs = [] }: InputRule, attrs: object): readonly string[] {
  return typeof needs === 'function' ? needs(attrs) : needs;
}

/** Returns the output whose value a rule needs, for a kernel with these attributes. */
export function neededOutput({ needsOutput }: InputRule, attrs: object): number | undefined {
  return typeof needsOutput === 'function' ? needsOutput(attrs) : needsOutput;
}

/** Makes a rule typed by its kernel's attributes, which the table's type does not keep. */
/* @__NO_SIDE_EFFECTS__ */
export function inputRule<Attrs = NamedAttrMap>(
  gradient: InputRule<Attrs>['gradient'],
  saved: Saved = {},
): InputRule {
  return { ...saved, gradient } as unknown as InputRule;
}

/** Makes the rules of a kernel with one differentiable input. */
/* @__NO_SIDE_EFFECTS__ */
export function rule<Attrs = NamedAttrMap>(
  name: string,
  gradient: InputRule<Attrs>['gradient'],
  saved: Saved = {},
): KernelRules {
  return { [name]: inputRule(gradient, saved) };
}
