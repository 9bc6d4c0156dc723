/** Recorded kernels and functions with custom gradients. */
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { engine } from './engine.js';
import type { CustomGradient, KernelInputs } from './engine.js';
import { RecordedCall } from './recordedCall.js';
import type { InputGradients } from './recordedCall.js';
import type { RegisteredGradient } from './registeredGradient.js';
import type { Operand, Step } from './rule.js';

/** A kernel with a gradient in the form that `tf.registerGradient` takes. */
export class RegisteredCall extends RecordedCall {
  private readonly values: Tensor[];

  constructor(
    step: Step,
    outputs: readonly Operand[],
    private readonly gradient: RegisteredGradient,
    outputTensors: readonly Tensor[],
  ) {
    super(step.kernel, step.attrs, step.operands, outputs);
    const inputs = (gradient.inputs ?? namesOf(step.inputs)).map((name) => step.inputs[name]!);
    const saved = outputTensors.filter((_, i) => gradient.outputs?.[i] ?? gradient.outputs == null);
    this.values = [...inputs, ...saved].map((tensor) => this.save(tensor));
  }

  backward(dys: readonly (Tensor | undefined)[], names: readonly string[]): InputGradients {
    const filled = dys.map((dy, i) => dy ?? zerosOf(this.outputs[i]!));
    const dy = filled.length === 1 ? filled[0]! : filled;
    const thunks = this.gradient.gradFunc(dy, this.values, this.attrs);
    return Object.fromEntries(names.map((name) => [name, thunks[name]!()]));
  }
}

const namesOf = (inputs: KernelInputs): string[] =>
  Object.keys(inputs).filter((name) => inputs[name] != null);

/** A `tf.customGrad`. */
export class CustomCall extends RecordedCall {
  private readonly values: Tensor[];

  constructor(
    inputs: ReadonlyMap<string, Operand>,
    output: Operand,
    private readonly backwardsFunc: CustomGradient['backwardsFunc'],
    toSave: readonly Tensor[],
  ) {
    super('customGrad', {}, inputs, [output]);
    this.values = toSave.map((tensor) => this.save(tensor));
  }

  backward([dy]: readonly (Tensor | undefined)[], names: readonly string[]): InputGradients {
    const thunks = this.backwardsFunc(dy!, this.values);
    return Object.fromEntries(names.map((name) => [name, thunks[name]!()]));
  }
}

function zerosOf({ shape }: Operand): Tensor {
  const attrs = { shape, value: 0, dtype: 'float32' } as unknown as NamedAttrMap;
  return engine().runKernel('Fill', {}, attrs) as Tensor;
}
