/**
 * Records one forward pass: each kernel that depends on the input, in order.
 *
 * Every tfjs op calls `engine.runKernel`, for any kind of model and on any backend; it is replaced
 * during one synchronous call. The model runs in inference mode, so convolution + bias + activation
 * stay one fused kernel.
 */
import { tidy } from '@tensorflow/tfjs-core';
import type { DataType, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { Kernels } from '../kernels/index.js';
import { runOwnKernel } from './ownForward.js';
import { CONSTANT_ALMOST_EVERYWHERE } from './constantKernels.js';
import { CustomCall, RegisteredCall } from './customCall.js';
import { engine, share } from './engine.js';
import type { CustomGradient, KernelInputs, RunKernel, RunKernelFunc } from './engine.js';
import { fuse } from './fuse.js';
import { activationOf, unfuse } from './fusedActivation.js';
import type { FusedActivation } from './fusedActivation.js';
import { HookRunner, isHookComputing, withReplaced } from './kernelHook.js';
import type { KernelHook } from './kernelHook.js';
import { ConstantCall, UnknownCall } from './recordedCall.js';
import type { RecordedCall } from './recordedCall.js';
import { customGradient, registeredGradient } from './registeredGradient.js';
import type { CustomGradients } from './registeredGradient.js';
import { neededInputs } from './rule.js';
import type { Operand, RuleTable, Step } from './rule.js';
import { RuledCall } from './ruledCall.js';
import { checkSliceBounds } from './sliceBounds.js';
import { Tape } from './tape.js';

export interface RecordOptions {
  /** The rules of the gradients. Default: none, only the structure of the pass is recorded. */
  readonly rules?: RuleTable | undefined;
  /** Custom gradients, which take precedence over the rules. */
  readonly gradients?: CustomGradients | undefined;
  readonly hook?: KernelHook | undefined;
  /** The library's own kernels, which go before the backend's. */
  readonly kernels?: Kernels | undefined;
  /** Whether no way back follows: only the rules save values. */
  readonly forwardOnly?: boolean;
  /**
   * The number of the first kernel that saves values, as a {@link KernelHook} counts them: the way
   * back ends there or later. Default: 0.
   */
  readonly saveFrom?: number | undefined;
  /** Whether kernels of zero gradient are recorded too, for a way back that ends above them. */
  readonly recordConstant?: boolean;
  /** Tells which recorded tensors keep their value on the tape. Default: none. */
  readonly keepValue?: ((call: RecordedCall, output: Operand) => boolean) | undefined;
}

/** Runs `forward(input)` once and records what depends on `input`. The caller disposes the tape. */
export function recordForward(
  forward: (input: Tensor) => Tensor,
  input: Tensor,
  options: RecordOptions = {},
): Tape {
  const recorder = new Recorder(input, options);
  let outputId = 0;
  try {
    const output = withReplaced(
      { runKernel: recorder.runKernel, runKernelFunc: recorder.runKernelFunc },
      () =>
        tidy(() => {
          const result = forward(input);
          outputId = result.id;
          // The function may return a tensor that somebody else owns, such as its input.
          return recorder.unrecorded(() => share(result));
        }),
    );
    return recorder.tape(output, outputId);
  } catch (error) {
    recorder.release();
    throw error;
  }
}

const FUSED_KERNEL = /^_?Fused(Conv2D|Depthwise|MatMul)/;

class Recorder {
  private readonly calls: RecordedCall[] = [];
  private readonly blockedBy = new Set<string>();
  private readonly values = new Map<number, Tensor>();
  private readonly kernelIndices = new Map<number, number>();
  private readonly dependentIds: Set<number>;
  private paused = false;
  /** Whether the kernel that runs is one that saves values. */
  private isSaving = true;
  /** The number of customGrad functions that have run. */
  private customGradsSeen = 0;
  private readonly originalRunKernel: RunKernel;
  private readonly originalRunKernelFunc: RunKernelFunc;
  private readonly hooks: HookRunner;
  private readonly gradients: CustomGradients;

  constructor(
    private readonly input: Tensor,
    private readonly options: RecordOptions,
  ) {
    this.dependentIds = new Set([input.id]);
    this.hooks = new HookRunner(options.hook);
    this.gradients = options.gradients ?? {};
    const target = engine();
    this.originalRunKernel = target.runKernel.bind(target);
    this.originalRunKernelFunc = target.runKernelFunc.bind(target);
  }

  tape(output: Tensor, outputId: number): Tape {
    const { calls, blockedBy, values, kernelIndices } = this;
    return new Tape({
      input: this.operand(this.input),
      output,
      outputId,
      calls,
      blockedBy,
      values,
      kernelIndices,
      kernels: this.options.kernels,
    });
  }

  /** Runs kernels that are no part of the pass: of a kernel's implementation, a hook, or ours. */
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
    if (this.paused || isHookComputing()) return this.originalRunKernel(kernel, inputs, attrs);
    checkSliceBounds(kernel, inputs, attrs);
    return this.unrecorded(() => {
      let depends = Object.values(inputs).some((tensor) => this.dependsOnInput(tensor));
      const result = this.hooks.run(kernel, inputs, attrs, (used, index) => {
        this.isSaving = index >= (this.options.saveFrom ?? 0);
        const output = this.runRecorded(kernel, used, attrs);
        for (const { id } of [output].flat()) this.kernelIndices.set(id, index);
        depends = [output].flat().some((tensor) => this.dependsOnInput(tensor));
        return output;
      });
      // What a hook puts in the place of an output: the score's head behind it is to be found.
      if (depends && !Array.isArray(result)) this.dependentIds.add(result.id);
      return result;
    });
  };

  private readonly runRecorded: RunKernel = (kernel, inputs, attrs = {}) => {
    const depends = Object.values(inputs).some((tensor) => this.dependsOnInput(tensor));
    if (!depends) return this.originalRunKernel(kernel, inputs, attrs);
    const activation = activationOf(attrs);
    if (activation !== undefined && this.needsActivationInput(activation)) {
      return unfuse(kernel, inputs, attrs, activation, this.runRecorded);
    }
    const result =
      runOwnKernel(this.options.kernels, kernel, inputs, attrs) ??
      this.originalRunKernel(kernel, inputs, attrs);
    this.note(kernel, inputs, attrs, Array.isArray(result) ? result : [result]);
    return result;
  };

  private dependsOnInput(tensor: Tensor | null | undefined): boolean {
    return tensor != null && this.dependentIds.has(tensor.id);
  }

  /** Tells whether the gradient needs the value that a fused activation is applied to. */
  private needsActivationInput({ kernel, attrs }: FusedActivation): boolean {
    // The input of a final sigmoid is the logit.
    if (kernel === 'Sigmoid' || kernel in this.gradients) return true;
    const rule = this.options.rules?.[kernel]?.['x'];
    return rule !== undefined && neededInputs(rule, attrs).length > 0;
  }

  private note(kernel: string, inputs: KernelInputs, attrs: NamedAttrMap, outputs: Tensor[]): void {
    const operands = this.operands(inputs);
    const custom = customGradient(this.gradients, kernel);
    const varying = custom === undefined ? this.varyingOutputs(kernel, operands, outputs) : outputs;
    const step = { kernel, attrs, operands, inputs };
    if (varying.length === 0) {
      this.blockedBy.add(kernel);
      if (this.options.recordConstant === true) this.noteConstant(step, outputs);
      return;
    }
    varying.forEach(({ id }) => this.dependentIds.add(id));
    const results = outputs.map((output) => this.operand(output));
    const call =
      custom === undefined || !this.isSaving
        ? this.callOf(step, results, outputs)
        : new RegisteredCall(step, results, custom, outputs);
    this.calls.push(call);
    this.keepValues(call, outputs);
  }

  private noteConstant(step: Step, outputs: readonly Tensor[]): void {
    outputs.forEach(({ id }) => this.dependentIds.add(id));
    const results = outputs.map((output) => this.operand(output));
    const call = new ConstantCall(step.kernel, step.attrs, step.operands, results);
    this.calls.push(call);
    this.keepValues(call, outputs);
  }

  private callOf(
    step: Step,
    results: readonly Operand[],
    outputs: readonly Tensor[],
  ): RecordedCall {
    const { rules, forwardOnly = false } = this.options;
    if (rules === undefined || !this.isSaving) {
      return new UnknownCall(step.kernel, step.attrs, step.operands, results);
    }
    const pair = fuse(step, this.calls, rules);
    if (rules[pair.kernel] !== undefined) return new RuledCall(pair, results, rules, outputs);
    const registered = forwardOnly ? undefined : registeredGradient(step.kernel);
    if (registered !== undefined) return new RegisteredCall(step, results, registered, outputs);
    return new UnknownCall(step.kernel, step.attrs, step.operands, results);
  }

  /** Picks the outputs that change with a small change of the input. */
  private varyingOutputs(
    kernel: string,
    operands: ReadonlyMap<string, Operand>,
    outputs: readonly Tensor[],
  ): Tensor[] {
    if (CONSTANT_ALMOST_EVERYWHERE.has(kernel)) return [];
    // An int32 input of the model varies; an int32 made of a float does not.
    const types = new Set<DataType>(['float32', 'complex64']);
    operands.forEach(({ dependsOnInput, dtype }) => dependsOnInput && types.add(dtype));
    return outputs.filter(({ dtype }) => types.has(dtype));
  }

  private keepValues(call: RecordedCall, outputs: readonly Tensor[]): void {
    if (!this.isSaving) return;
    call.outputs.forEach((output, i) => {
      if (this.options.keepValue?.(call, output)) this.values.set(output.id, share(outputs[i]!));
    });
  }

  private operands(inputs: KernelInputs): Map<string, Operand> {
    const operands = new Map<string, Operand>();
    for (const [name, tensor] of Object.entries(inputs)) {
      if (tensor != null) operands.set(name, this.operand(tensor));
    }
    return operands;
  }

  private operand(tensor: Tensor): Operand {
    const { id, shape, dtype } = tensor;
    return { id, shape, dtype, dependsOnInput: this.dependsOnInput(tensor) };
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
        // The engine saves only inside an outer tf.grad.
        this.unrecorded(() => {
          save(tensors);
        });
      });
      const isNested = this.customGradsSeen > seenBefore;
      this.customGradsSeen++;
      this.useCustomGrad(params, value, toSave, firstCall, isNested);
      return value;
    };
    return this.originalRunKernelFunc({ ...params, forwardFunc: recorded });
  };

  /** Replaces what a customGrad recorded by its gradient, except for tfjs's fused ops. */
  private useCustomGrad(
    { inputs, backwardsFunc }: CustomGradient,
    value: Tensor,
    toSave: readonly Tensor[],
    firstCall: number,
    isNested: boolean,
  ): void {
    const inside = this.calls.slice(firstCall);
    // tfjs runs its fused ops inside a customGrad whose gradient throws on most backends.
    const isFusedOp = !isNested && FUSED_KERNEL.test(inside[0]?.kernel ?? '');
    const depends = Object.values(inputs).some((input) => this.dependsOnInput(input));
    if (isFusedOp || !depends) return;
    this.calls.length = firstCall;
    inside.forEach((call) => call.release());
    this.unrecorded(() => {
      const operands = this.operands(inputs);
      this.dependentIds.add(value.id);
      this.calls.push(new CustomCall(operands, this.operand(value), backwardsFunc, toSave));
    });
  }

  release(): void {
    this.calls.forEach((call) => call.release());
    this.values.forEach((value) => value.dispose());
  }
}
