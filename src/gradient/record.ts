/**
 * The record of one forward pass: each kernel that depends on the input, in order.
 *
 * Every tfjs op ends in `engine.runKernel`, whatever the model's kind and the backend; for the
 * length of one synchronous call it is replaced. The model runs in inference mode, so convolution +
 * bias + activation stay one fused kernel.
 */
import { getGradient, tidy } from '@tensorflow/tfjs-core';
import type { DataType, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { engine, share } from './engine.js';
import type { CustomGradient, KernelInputs, RunKernel, RunKernelFunc } from './engine.js';
import { CustomCall, RegisteredCall, RuledCall, UnknownCall } from './recordedCall.js';
import type { RecordedCall } from './recordedCall.js';
import type { Operand, RuleTable } from './rule.js';
import { combined } from './combine.js';
import { CONSTANT_ALMOST_EVERYWHERE } from './constantKernels.js';
import { needsUnfusing, unfuse } from './unfuse.js';

export interface Record {
  readonly inputId: number;
  /** The value of the forward function, owned by the record. */
  readonly output: Tensor;
  /** The output as the kernels knew it. */
  readonly outputId: number;
  readonly calls: readonly RecordedCall[];
  /** Kernels that ended a path from the input, for the error's sake. */
  readonly endedBy: ReadonlySet<string>;
  dispose(): void;
}

/**
 * Runs `forward(input)` once and records what depends on `input`. The caller disposes the record.
 */
export function record(
  forward: (input: Tensor) => Tensor,
  input: Tensor,
  rules: RuleTable,
): Record {
  const recorder = new Recorder(input, rules);
  const target = engine();
  const before = Object.getOwnPropertyDescriptors(target);
  let outputId = 0;
  try {
    target.runKernel = recorder.runKernel;
    target.runKernelFunc = recorder.runKernelFunc;
    const output = tidy(() => {
      const result = forward(input);
      outputId = result.id;
      // The forward function may return a tensor that somebody else owns, its own input for one.
      return recorder.unrecorded(() => share(result));
    });
    return {
      inputId: input.id,
      output,
      outputId,
      calls: recorder.calls,
      endedBy: recorder.endedBy,
      dispose() {
        output.dispose();
        recorder.release();
      },
    };
  } catch (error) {
    recorder.release();
    throw error;
  } finally {
    restore(target, before, 'runKernel');
    restore(target, before, 'runKernelFunc');
  }
}

/** Both are methods of the engine's prototype, so that normally the own property just goes. */
function restore(target: object, before: PropertyDescriptorMap, name: string): void {
  const own = before[name];
  if (own === undefined) Reflect.deleteProperty(target, name);
  else Object.defineProperty(target, name, own);
}

class Recorder {
  readonly calls: RecordedCall[] = [];
  readonly endedBy = new Set<string>();
  private readonly dependent: Set<number>;
  private paused = false;
  /** How many customGrad functions ran inside the present one. */
  private customGradsSeen = 0;
  private readonly originalRunKernel: RunKernel;
  private readonly originalRunKernelFunc: RunKernelFunc;

  constructor(
    input: Tensor,
    private readonly rules: RuleTable,
  ) {
    this.dependent = new Set([input.id]);
    const target = engine();
    this.originalRunKernel = target.runKernel.bind(target);
    this.originalRunKernelFunc = target.runKernelFunc.bind(target);
  }

  /**
   * A kernel's own implementation may run kernels, and so may we: neither belongs into the record.
   */
  unrecorded<T>(run: () => T): T {
    const before = this.paused;
    this.paused = true;
    try {
      return run();
    } finally {
      this.paused = before;
    }
  }

  readonly runKernel: RunKernel = (kernel, inputs, attrs = {}) => {
    const depends =
      !this.paused && Object.values(inputs).some((tensor) => this.isDependent(tensor));
    if (depends && needsUnfusing(inputs, attrs))
      return unfuse(kernel, inputs, attrs, this.runKernel);
    const result = this.unrecorded(() => this.originalRunKernel(kernel, inputs, attrs));
    if (depends)
      this.unrecorded(() =>
        this.note(kernel, inputs, attrs, Array.isArray(result) ? result : [result]),
      );
    return result;
  };

  private isDependent(tensor: Tensor | null | undefined): boolean {
    return tensor != null && this.dependent.has(tensor.id);
  }

  private note(kernel: string, inputs: KernelInputs, attrs: NamedAttrMap, outputs: Tensor[]): void {
    const operands = this.operands(Object.entries(inputs));
    // An int32 input of the model itself is a number that varies; a float cut to a whole number is
    // not.
    const varyingTypes = new Set<DataType>(['float32', 'complex64']);
    operands.forEach(({ dependent, dtype }) => dependent && varyingTypes.add(dtype));
    const varying = outputs.filter(({ dtype }) => varyingTypes.has(dtype));
    if (varying.length === 0 || CONSTANT_ALMOST_EVERYWHERE.has(kernel)) {
      this.endedBy.add(kernel);
      return;
    }
    varying.forEach(({ id }) => this.dependent.add(id));
    const results = outputs.map((output) => this.operand(output));
    const step = combined({ kernel, attrs, operands, inputs }, this.calls.at(-1));
    const rules = this.rules[step.kernel];
    if (rules !== undefined) {
      this.calls.push(new RuledCall(step, results, rules, outputs));
    } else if (getGradient(kernel) != null) {
      this.calls.push(new RegisteredCall(kernel, operands, results, attrs, inputs, outputs));
    } else {
      this.calls.push(new UnknownCall(kernel, operands, results));
    }
  }

  private operands(entries: [string, Tensor | null | undefined][]): Map<string, Operand> {
    const operands = new Map<string, Operand>();
    for (const [name, tensor] of entries)
      if (tensor != null) operands.set(name, this.operand(tensor));
    return operands;
  }

  private operand(tensor: Tensor): Operand {
    return {
      id: tensor.id,
      shape: tensor.shape,
      dtype: tensor.dtype,
      dependent: this.isDependent(tensor),
    };
  }

  readonly runKernelFunc: RunKernelFunc = (params) => {
    if ('kernelName' in params || this.paused) return this.originalRunKernelFunc(params);
    const { forwardFunc } = params;
    const recorded: CustomGradient['forwardFunc'] = (backend, save) => {
      const firstCall = this.calls.length;
      const seenBefore = this.customGradsSeen;
      let toSave: readonly Tensor[] = [];
      const value = forwardFunc(backend, (tensors) => {
        toSave = tensors;
        // The engine's own save matters only inside an outer tf.grad.
        this.unrecorded(() => {
          save(tensors);
        });
      });
      const nested = this.customGradsSeen > seenBefore;
      this.customGradsSeen++;
      this.honour(params, value, toSave, firstCall, nested);
      return value;
    };
    return this.originalRunKernelFunc({ ...params, forwardFunc: recorded });
  };

  /**
   * Replaces what was recorded inside a customGrad by its gradient, except for tfjs's fused ops,
   * which have rules.
   */
  private honour(
    { inputs, backwardsFunc }: CustomGradient,
    value: Tensor,
    toSave: readonly Tensor[],
    firstCall: number,
    nested: boolean,
  ): void {
    const inside = this.calls.slice(firstCall);
    const isFusedOp =
      !nested &&
      inside[0] !== undefined &&
      /^_?Fused(Conv2D|Depthwise|MatMul)/.test(inside[0].kernel);
    if (isFusedOp || !Object.values(inputs).some((input) => this.isDependent(input))) return;
    this.calls.length = firstCall;
    inside.forEach((call) => call.release());
    this.unrecorded(() => {
      const operands = this.operands(Object.entries(inputs));
      this.dependent.add(value.id);
      this.calls.push(new CustomCall(operands, this.operand(value), backwardsFunc, toSave));
    });
  }

  release(): void {
    this.calls.forEach((call) => call.release());
  }
}
