/**
 * One entry of the record: a kernel that depends on the model's input, with the tensors its rules
 * asked to save.
 */
import { getGradient } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { engine, share } from './engine.js';
import type { CustomGradient, KernelInputs } from './engine.js';
import { GradientError } from './gradientError.js';
import type { InputRule, KernelCall, KernelRules, Operand, Step } from './rule.js';
import type { RunCache } from './runCache.js';

export type InputGradients = Record<string, Tensor>;

export abstract class RecordedCall {
  private readonly saved: Tensor[] = [];

  constructor(
    readonly kernel: string,
    readonly inputs: ReadonlyMap<string, Operand>,
    readonly outputs: readonly Operand[],
  ) {}

  /** The gradients by the dependent inputs, each owned by the surrounding tidy. */
  abstract backward(dys: readonly (Tensor | undefined)[], cache: RunCache): InputGradients;

  /** The value of an input (of the first, if there is no name), where a rule asked for it. */
  savedInput: (name?: string) => Tensor | undefined = () => undefined;

  protected save(tensor: Tensor): Tensor {
    const shared = share(tensor);
    this.saved.push(shared);
    return shared;
  }

  protected get dependentNames(): string[] {
    return [...this.inputs.keys()].filter((name) => this.inputs.get(name)!.dependent);
  }

  release(): void {
    for (const tensor of this.saved.splice(0)) tensor.dispose();
  }
}

/** A kernel with rules of ours. */
export class RuledCall extends RecordedCall {
  private readonly savedInputs = new Map<string, Tensor>();
  private readonly savedOutputs = new Map<number, Tensor>();

  readonly attrs: NamedAttrMap;

  constructor(
    step: Step,
    outputs: readonly Operand[],
    private readonly rules: KernelRules,
    outputTensors: readonly Tensor[],
  ) {
    super(step.kernel, step.operands, outputs);
    this.attrs = step.attrs;
    try {
      for (const name of this.dependentNames)
        this.saveFor(this.ruleOf(name), step.inputs, outputTensors);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  isDependent(name: string): boolean {
    return this.inputs.get(name)?.dependent === true;
  }

  override savedInput = (name?: string): Tensor | undefined =>
    name === undefined ? [...this.savedInputs.values()][0] : this.savedInputs.get(name);

  private ruleOf(name: string): InputRule | undefined {
    return this.rules[name] ?? this.rules['*'];
  }

  private saveFor(
    rule: InputRule | undefined,
    inputs: KernelInputs,
    outputs: readonly Tensor[],
  ): void {
    for (const name of rule?.needs ?? []) {
      const tensor = inputs[name];
      if (tensor != null && !this.savedInputs.has(name))
        this.savedInputs.set(name, this.save(tensor));
    }
    const needsOutput = rule?.needsOutput;
    const index = typeof needsOutput === 'function' ? needsOutput(this.attrs) : needsOutput;
    if (index !== undefined && !this.savedOutputs.has(index))
      this.savedOutputs.set(index, this.save(outputs[index]!));
  }

  backward(dys: readonly (Tensor | undefined)[], cache: RunCache): InputGradients {
    const call: KernelCall = {
      kernel: this.kernel,
      attrs: this.attrs,
      outputs: this.outputs,
      dys,
      cache,
      names: [...this.inputs.keys()],
      has: (name) => this.inputs.has(name),
      operand: (name) => this.inputs.get(name)!,
      value: (name) => this.savedInputs.get(name)!,
      output: (index = 0) => this.savedOutputs.get(index)!,
    };
    const dy = dys.find((each) => each !== undefined)!;
    const gradients: InputGradients = {};
    for (const name of this.dependentNames) {
      const rule = this.ruleOf(name);
      if (rule === undefined) throw noRule(`${this.kernel} by its input '${name}'`, this.kernel);
      gradients[name] = rule.gradient(dy, call, name);
    }
    return gradients;
  }
}

/** A kernel without a rule of ours, for which the application registered a gradient with tfjs. */
export class RegisteredCall extends RecordedCall {
  private readonly values: Tensor[];

  constructor(
    kernel: string,
    inputs: ReadonlyMap<string, Operand>,
    outputs: readonly Operand[],
    private readonly attrs: NamedAttrMap,
    inputTensors: KernelInputs,
    outputTensors: readonly Tensor[],
  ) {
    super(kernel, inputs, outputs);
    const { inputsToSave = [], outputsToSave = [], saveAllInputs = false } = getGradient(kernel);
    const names = saveAllInputs ? Object.keys(inputTensors) : inputsToSave;
    const wanted = [
      ...names.map((name) => inputTensors[name]!),
      ...outputTensors.filter((_, i) => outputsToSave[i]),
    ];
    this.values = wanted.map((tensor) => this.save(tensor));
  }

  backward(dys: readonly (Tensor | undefined)[]): InputGradients {
    const { gradFunc } = getGradient(this.kernel);
    const filled = fillZeros(dys, this.outputs);
    const thunks = gradFunc(filled.length === 1 ? filled[0]! : filled, this.values, this.attrs);
    return Object.fromEntries(this.dependentNames.map((name) => [name, thunks[name]!()]));
  }
}

/** A `tf.customGrad` of the user's own. */
export class CustomCall extends RecordedCall {
  private readonly values: Tensor[];

  constructor(
    inputs: ReadonlyMap<string, Operand>,
    output: Operand,
    private readonly backwardsFunc: CustomGradient['backwardsFunc'],
    toSave: readonly Tensor[],
  ) {
    super('customGrad', inputs, [output]);
    this.values = toSave.map((tensor) => this.save(tensor));
  }

  backward([dy]: readonly (Tensor | undefined)[]): InputGradients {
    const thunks = this.backwardsFunc(dy!, this.values);
    return Object.fromEntries(this.dependentNames.map((name) => [name, thunks[name]!()]));
  }
}

/**
 * A kernel that has no gradient here. It throws only if the score depends on it: an unused output
 * head may have any.
 */
export class UnknownCall extends RecordedCall {
  backward(): InputGradients {
    throw noRule(this.kernel, this.kernel);
  }
}

function noRule(what: string, op: string): GradientError {
  return new GradientError(
    `the gradient of ${what} is not known on backend '${engine().backendName}': register one with tf.registerGradient, ` +
      `give that part of the model a gradient with tf.customGrad, or choose an output before it`,
    { op },
  );
}

function fillZeros(dys: readonly (Tensor | undefined)[], outputs: readonly Operand[]): Tensor[] {
  return dys.map((dy, i) => dy ?? (engine().runKernel('Fill', {}, zerosOf(outputs[i]!)) as Tensor));
}

function zerosOf({ shape }: Operand): NamedAttrMap {
  return { shape, value: 0, dtype: 'float32' };
}
