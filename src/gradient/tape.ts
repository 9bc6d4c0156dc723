/** The tape: the kernels of one forward pass that depend on the model's input. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { RecordedCall } from './recordedCall.js';
import type { Operand } from './rule.js';

export class Tape {
  private makers: Map<number, RecordedCall> | undefined;
  private consumers: Map<number, RecordedCall[]> | undefined;

  constructor(
    readonly input: Operand,
    /** The value of the forward function, owned by the tape. */
    readonly output: Tensor,
    /** The id that the output had during the pass. */
    readonly outputId: number,
    /** The kernels, in the order in which they ran. */
    readonly calls: readonly RecordedCall[],
    /** Non-differentiable kernels met on the way; named in the error. */
    readonly blockedBy: ReadonlySet<string>,
    private readonly values: ReadonlyMap<number, Tensor>,
  ) {}

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
    return this.values.get(id);
  }

  dispose(): void {
    this.output.dispose();
    this.values.forEach((value) => value.dispose());
    this.calls.forEach((call) => call.release());
  }
}
