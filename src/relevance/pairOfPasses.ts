/** Two passes of a model, over an input and over its baseline, which DeepLIFT compares. */
import { toBeNamed } from '../inFunction.js';
import { GradientError } from '../gradient/gradientError.js';
import type { KernelCall } from '../gradient/rule.js';
import { RuledCall } from '../gradient/ruledCall.js';
import type { Tape } from '../gradient/tape.js';

/** Finds the same kernel in the pass over the baseline. */
export type TwinOf = (call: KernelCall) => KernelCall;

export class PairOfPasses {
  /** The pass over the baseline, owned. */
  reference: Tape | undefined;
  private tape: Tape | undefined;
  private positions: ReadonlyMap<number, number> = new Map();

  /** @throws GradientError if the model has run another kernel in the pass over the baseline */
  readonly twinOf: TwinOf = (call) => {
    const twin = this.reference?.calls[this.positionOf(call)];
    if (twin instanceof RuledCall && twin.kernel === call.kernel) {
      return twin.seenByRules(call.dys, { ...call, tape: this.reference! });
    }
    throw toBeNamed(
      new GradientError(
        `the model runs ${call.kernel} on the input where it runs ${twin?.kernel ?? 'nothing'} ` +
          'on the baseline; DeepLIFT needs the same kernels in both passes',
        { op: call.kernel },
      ),
    );
  };

  /** Counts the calls before this one on its tape. */
  private positionOf({ tape, outputs }: KernelCall): number {
    if (this.tape !== tape) {
      this.tape = tape;
      this.positions = new Map(tape.calls.map((call, i) => [call.outputs[0]!.id, i]));
    }
    return this.positions.get(outputs[0]!.id)!;
  }

  dispose(): void {
    this.reference?.dispose();
    this.reference = undefined;
    this.tape = undefined;
  }
}
