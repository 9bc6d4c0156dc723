import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { KernelInputs } from './engine.js';
import { activationOf } from './fusedActivation.js';
import type { FusedActivation } from './fusedActivation.js';
import { noGradient, RecordedCall } from './recordedCall.js';
import type { InputGradients, Resources } from './recordedCall.js';
import { neededInputs, neededOutput, ruleFor } from './rule.js';
import type { InputRule, KernelCall, KernelRules, Operand, RuleTable, Step } from './rule.js';

/** A recorded kernel for which the table has rules. */
export class RuledCall extends RecordedCall {
  private readonly savedInputs = new Map<string, Tensor>();
  private readonly savedOutputs = new Map<number, Tensor>();
  private readonly rules: KernelRules;
  private readonly activation: FusedActivation | undefined;
  private readonly activationRule: InputRule | undefined;

  constructor(
    step: Step,
    outputs: readonly Operand[],
    table: RuleTable,
    outputTensors: readonly Tensor[],
  ) {
    super(step.kernel, step.attrs, step.operands, outputs);
    this.rules = table[step.kernel]!;
    this.activation = activationOf(step.attrs);
    this.activationRule = this.activation && table[this.activation.kernel]?.['x'];
    try {
      if (this.activationRule !== undefined) {
        this.saveOutput(neededOutput(this.activationRule, this.activation!.attrs), outputTensors);
      }
      for (const name of step.operands.keys()) {
        const rule = ruleFor(this.rules, name);
        if (rule === undefined || !this.dependsOnInput(name)) continue;
        this.saveInputs(neededInputs(rule, step.attrs), step.inputs);
        this.saveOutput(neededOutput(rule, step.attrs), outputTensors);
      }
    } catch (error) {
      this.release();
      throw error;
    }
  }

  override savedInput(name?: string): Tensor | undefined {
    return name === undefined ? [...this.savedInputs.values()][0] : this.savedInputs.get(name);
  }

  private saveInputs(names: readonly string[], inputs: KernelInputs): void {
    for (const name of names) {
      const tensor = inputs[name];
      if (tensor != null && !this.savedInputs.has(name)) {
        this.savedInputs.set(name, this.save(tensor));
      }
    }
  }

  private saveOutput(index: number | undefined, outputs: readonly Tensor[]): void {
    if (index === undefined || this.savedOutputs.has(index)) return;
    this.savedOutputs.set(index, this.save(outputs[index]!));
  }

  backward(
    dys: readonly (Tensor | undefined)[],
    names: readonly string[],
    resources: Resources,
  ): InputGradients {
    const call = this.seenByRules(dys, resources);
    const dy = this.beforeActivation(
      dys.find((gradient) => gradient !== undefined)!,
      resources,
    );
    const gradients: InputGradients = {};
    for (const name of names) {
      const rule = ruleFor(this.rules, name);
      if (rule === undefined) {
        throw noGradient(`${this.kernel} with respect to its input '${name}'`, this.kernel);
      }
      if (rule.isConstant?.(call, name) === true) continue;
      gradients[name] = rule.gradient(dy, call, name);
    }
    return gradients;
  }

  /** Returns the call as its rules see it. */
  seenByRules(dys: readonly (Tensor | undefined)[], resources: Resources): KernelCall {
    return this.callOf(this.kernel, this.attrs, dys, resources);
  }

  /** Computes the gradient with respect to the input of a fused activation. */
  private beforeActivation(dy: Tensor, resources: Resources): Tensor {
    if (this.activation === undefined) return dy;
    const { kernel, attrs } = this.activation;
    if (this.activationRule === undefined) throw noGradient(kernel, kernel);
    return this.activationRule.gradient(dy, this.callOf(kernel, attrs, [dy], resources), 'x');
  }

  private callOf(
    kernel: string,
    attrs: NamedAttrMap,
    dys: readonly (Tensor | undefined)[],
    resources: Resources,
  ): KernelCall {
    return {
      kernel,
      attrs,
      outputs: this.outputs,
      dys,
      ...resources,
      names: [...this.inputs.keys()],
      has: (name) => this.inputs.has(name),
      operand: (name) => this.inputs.get(name)!,
      value: (name) => this.savedInputs.get(name)!,
      output: (index = 0) => this.savedOutputs.get(index)!,
    };
  }
}
