/**
 * What a model says of an input of which only a part is kept: all that black-box methods ask of it.
 *
 * Letters: s masks, r rows, m explained classes per image, p places of a row, k baselines.
 */
import { add, dispose, keep, mul, reshape, stack, sub, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { baselinesOf } from '../method/baseline.js';
import type { BaselineChoice } from '../method/baseline.js';
import type { Context } from '../method/context.js';
import { read } from '../run/task.js';
import type { Task } from '../run/task.js';
import { placesOf } from './places.js';
import type { Places } from './places.js';

export class MaskedScores {
  private constructor(
    private readonly context: Context,
    /** [r, ...], of the caller */
    private readonly rows: Tensor,
    /** k tensors [r, ...], owned */
    private readonly baselines: readonly Tensor[],
    /** [r, outputs], owned: the classes of 'argmax' where every row asks for its own. */
    private readonly predicted: Tensor2D | undefined,
    readonly places: Places,
  ) {}

  static *open(context: Context, rows: Tensor, choice: BaselineChoice): Task<MaskedScores> {
    const baselines = yield* baselinesOf(context, rows, choice);
    let opened: MaskedScores | undefined;
    try {
      yield* context.resolveArgmax();
      const predicted = context.argmaxPerRow ? keep(yield* context.predictions(rows)) : undefined;
      return (opened = new MaskedScores(context, rows, baselines, predicted, placesOf(rows)));
    } finally {
      if (opened === undefined) dispose(baselines);
    }
  }

  /** r */
  get count(): number {
    return this.rows.shape[0]!;
  }

  /** m */
  get classes(): number {
    return this.context.classes;
  }

  /** The greatest number of masks whose inputs fit into one pass, at least 1. */
  get masksPerPass(): number {
    return Math.max(1, Math.floor(this.context.rowsPerPass / this.count));
  }

  /** How many inputs of the model one mask stands for. */
  get inputsPerMask(): number {
    return this.count * this.baselines.length;
  }

  /** Computes the scores of the rows as they are: [m, r]. */
  *whole(): Task<Float32Array> {
    return yield* this.scores(this.rows, 1);
  }

  /** Computes the scores where nothing is kept, the mean over the baselines: [m, r]. */
  *empty(): Task<Float32Array> {
    return yield* this.overBaselines((baseline) => this.scores(baseline, 1));
  }

  /**
   * Computes the scores of inputs that are kept where a mask is 1, and the baseline where it is 0,
   * the mean over the baselines: [s, m, r].
   * @param masks [s, p], or [s, r, p] where each row has its own
   */
  *of(masks: Float32Array, count: number): Task<Float32Array> {
    return yield* this.overBaselines((baseline) => this.masked(baseline, masks, count));
  }

  dispose(): void {
    dispose([...this.baselines]);
    this.predicted?.dispose();
  }

  private *masked(baseline: Tensor, masks: Float32Array, count: number): Task<Float32Array> {
    const { rows, places } = this;
    const rowsOfMasks = masks.length / (count * places.size);
    const shape = [count, rowsOfMasks, ...places.shape, ...(rows.rank > 3 ? [1] : [])];
    const inputs = keep(
      tidy(() => {
        const mask = tensor(masks, shape);
        const kept = add(mul(rows, mask), mul(baseline, sub(1, mask)));
        return reshape(kept, [count * this.count, ...rows.shape.slice(1)]);
      }),
    );
    try {
      return yield* this.scores(inputs, count);
    } finally {
      inputs.dispose();
    }
  }

  private *overBaselines(score: (baseline: Tensor) => Task<Float32Array>): Task<Float32Array> {
    let total: Float32Array | undefined;
    for (const baseline of this.baselines) {
      const scores = yield* score(baseline);
      total = total?.map((sum, i) => sum + scores[i]!) ?? scores;
    }
    return total!.map((sum) => sum / this.baselines.length);
  }

  /** [s r, ...] -> [s, m, r] */
  private *scores(inputs: Tensor, count: number): Task<Float32Array> {
    const { predicted } = this;
    const perClass = yield* this.context.values(inputs, { predicted });
    const scores = keep(
      tidy(() =>
        stack(
          perClass.map((values) => reshape(values, [count, this.count])),
          1,
        ),
      ),
    );
    dispose(perClass);
    try {
      return (yield* read(scores)).slice();
    } finally {
      scores.dispose();
    }
  }
}
