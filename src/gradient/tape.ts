/** The tape: the kernels of one forward pass that depend on the model's input. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Kernels } from '../kernels/index.js';
import type { RecordedCall } from './recordedCall.js';
import type { Operand } from './rule.js';

/** What a recorder hands over. */
interface Recording {
  readonly input: Operand;
  /** The value of the forward function, owned by the tape. */
  readonly output: Tensor;
  /** The output as the kernels knew it. */
  readonly outputId: number;
  /** In the order in which they ran. */
  readonly calls: readonly RecordedCall[];
  /** Non-differentiable kernels met on the way; named in the error. */
  readonly blockedBy: ReadonlySet<string>;
  /** The values that are kept, by tensor id. */
  readonly values: ReadonlyMap<number, Tensor>;
  /** The number, among all kernels of the pass, of the one that made each tensor. */
  readonly kernelIndices: ReadonlyMap<number, number>;
  /** The library's own kernels, for the way back too. */
  readonly kernels: Kernels | undefined;
}

export class Tape {
  readonly input: Operand;
  readonly output: Tensor;
  readonly outputId: number;
  readonly calls: readonly RecordedCall[];
  readonly blockedBy: ReadonlySet<string>;
  readonly kernels: Kernels | undefined;
  private makers: Map<number, RecordedCall> | undefined;
  private consumers: Map<number, RecordedCall[]> | undefined;

  constructor(private readonly recording: Recording) {
    this.input = recording.input;
    this.output = recording.output;
    this.outputId = recording.outputId;
    this.calls = recording.calls;
    this.blockedBy = recording.blockedBy;
    this.kernels = recording.kernels;
  }

  /** Finds the call that made a tensor; undefined for the input and for constants. */
  makerOf(id: number): RecordedCall | undefined {
    this.makers ??= new Map(
      this.calls.flatMap((call) => call.outputs.map((output) => [output.id, call])),
    );
    return this.makers.get(id);
  }

  /** Finds the calls that read a tensor. */
  consumersOf(id: number): readonly RecordedCall[] {
    if (this.consumers === undefined) {
      this.consumers = new Map();
      for (const call of this.calls) {
        for (const operand of new Set([...call.inputs.values()].map((input) => input.id))) {
          this.consumers.set(operand, [...(this.consumers.get(operand) ?? []), call]);
        }
      }
    }
    return this.consumers.get(id) ?? [];
  }

  /** Returns the value of a tensor whose value was kept; the tape owns it. */
  valueOf(id: number): Tensor | undefined {
    return this.recording.values.get(id);
  }

  /** Finds the number of the kernel that made a tensor, as a {@link KernelHook} counts them. */
  kernelIndexOf(id: number): number | undefined {
    return this.recording.kernelIndices.get(id);
  }

  dispose(): void {
    this.output.dispose();
    this.recording.values.forEach((value) => value.dispose());
    this.calls.forEach((call) => call.release());
  }
}
