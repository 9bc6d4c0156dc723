/**
 * The scores of a model and their gradients, for one pass.
 *
 * Letters: k outputs of the model, m explained classes per image, r rows of a batch.
 */
import { add, cast, mul, reshape, round, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { OutputGradient } from '../gradient/backward.js';
import { withoutPairs } from '../gradient/fuse.js';
import { inputGradients } from '../gradient/inputGradient.js';
import { withKernelHook } from '../gradient/kernelHook.js';
import type { KernelHook } from '../gradient/kernelHook.js';
import { recordForward } from '../gradient/recordForward.js';
import type { RecordOptions } from '../gradient/recordForward.js';
import type { CustomGradients } from '../gradient/registeredGradient.js';
import type { RuleTable } from '../gradient/rule.js';
import { rules as gradientRules } from '../gradient/rules/index.js';
import type { RunCache } from '../gradient/runCache.js';
import type { Tape } from '../gradient/tape.js';
import { ownKernels } from '../kernels/index.js';
import type { KernelMode, Kernels } from '../kernels/index.js';
import type { LayerProbe } from '../layer/layerProbe.js';
import type { Model, TensorSpec } from '../model/model.js';
import { runModel } from '../model/runModel.js';
import type { OutputChoice } from '../model/runModel.js';
import { findHead } from './head.js';
import { asRows, predictedWeights } from './rowTarget.js';
import type { RowTarget } from './rowTarget.js';
import { logitRules, namedOutputGradients, namedScores, savingLogits } from './score.js';
import type { Score } from './score.js';
import { functionOutputGradients, functionScores, perClass } from './scoreFunction.js';

/** Whose kernels compute recorded passes. */
export type KernelChoice = KernelMode | 'tfjs';

export interface ScoreOptions {
  readonly model: Model;
  /** What is known of the model's input. */
  readonly spec: TensorSpec;
  readonly output: OutputChoice;
  readonly score: Score;
  readonly gradients: CustomGradients | undefined;
  readonly cache: RunCache;
  readonly kernels: KernelChoice;
}

/** A pass in which kernels are given or return something else. */
export interface HookedPass {
  readonly hook?: KernelHook | undefined;
  /** The probe of the pass in which the hook's kernels were counted. */
  readonly probe?: LayerProbe | undefined;
}

/** With which rules a pass is recorded, and the values that its tape keeps besides. */
export interface TapeOptions {
  readonly rules: RuleTable;
  /** Makes the choice for one pass. */
  readonly keepValue?: () => RecordOptions['keepValue'];
}

/** A recorded pass over rows, and where the way back of one score begins. */
export interface TapedPass {
  readonly tape: Tape;
  readonly rows: Tensor;
  readonly start: OutputGradient;
  readonly cache: RunCache;
}

export type FromTape = (pass: TapedPass) => Tensor;

/** What is kept of a recorded pass besides what the rules save. */
export interface RecordedPass extends Pick<
  RecordOptions,
  'recordConstant' | 'keepValue' | 'saveFrom'
> {
  /** Notes what the model's layers return. */
  readonly probe?: LayerProbe;
}

const forwardRules = /* @__PURE__ */ logitRules(gradientRules);

export class ScoreEvaluator {
  /** The rules as they are recorded, by the tables they were made of. */
  private readonly tables = new Map<RuleTable, RuleTable>();

  constructor(private readonly options: ScoreOptions) {}

  get cache(): RunCache {
    return this.options.cache;
  }

  /** Computes the gradient of each row's score with respect to that row: m tensors [r, ...]. */
  gradients(x: Tensor, rowTarget: RowTarget, rules: RuleTable): Tensor[] {
    const { cache } = this;
    const tape = this.record(x, rowTarget, rules);
    try {
      return tidy(() => {
        const nonFinite = this.nonFiniteRows(tape, x);
        const starts = this.outputGradients(tape, rowTarget);
        return inputGradients(tape, starts, cache).map((gradient) => add(gradient, nonFinite));
      });
    } finally {
      tape.dispose();
      cache.sweep();
    }
  }

  /** Makes a tensor [r, ...] of a tape and of each of the m places where the way back begins. */
  fromTape(
    x: Tensor,
    rowTarget: RowTarget,
    { rules, keepValue }: TapeOptions,
    make: FromTape,
  ): Tensor[] {
    const { cache } = this;
    const tape = this.record(x, rowTarget, rules, { keepValue: keepValue?.() });
    try {
      return tidy(() => {
        const nonFinite = this.nonFiniteRows(tape, x);
        const starts = this.outputGradients(tape, rowTarget);
        return starts.map((start) => add(make({ tape, rows: x, start, cache }), nonFinite));
      });
    } finally {
      tape.dispose();
      cache.sweep();
    }
  }

  /** Computes for each class each row's score: m tensors [r]. */
  scores(x: Tensor, rowTarget: RowTarget, { hook, probe }: HookedPass = {}): Tensor[] {
    const { score } = this.options;
    return tidy(() => {
      const forward = (input: Tensor): Tensor => this.forward(input, rowTarget, probe);
      const input = this.modelInput(x);
      if (typeof score === 'function') {
        return perClass(
          hook ? withKernelHook(hook, () => forward(input)) : forward(input),
          rowTarget,
        );
      }
      const tape = recordForward(forward, input, {
        rules: forwardRules,
        forwardOnly: true,
        kernels: this.kernels,
        hook,
      });
      try {
        return namedScores(score, tape, rowTarget);
      } finally {
        tape.dispose();
      }
    });
  }

  /** Records a pass of the model and a score function behind it. The caller disposes the tape. */
  record(
    x: Tensor,
    rowTarget: RowTarget,
    rules: RuleTable,
    { probe, ...options }: RecordedPass = {},
  ): Tape {
    const { gradients } = this.options;
    return recordForward((input) => this.forward(input, rowTarget, probe), this.modelInput(x), {
      ...options,
      rules: this.tableFor(rules),
      gradients,
      kernels: this.kernels,
    });
  }

  /** Computes the model's outputs, [r, k]. */
  outputs(x: Tensor, rowTarget: RowTarget): Tensor2D {
    return tidy(() => asRows(this.run(this.modelInput(x)), rowTarget));
  }

  /** Computes the weights of the predicted classes, [r, k]. */
  predicted(x: Tensor, rowTarget: RowTarget): Tensor2D {
    const tape = recordForward((input) => this.run(input), this.modelInput(x));
    try {
      return tidy(() => predictedWeights(asRows(tape.output, rowTarget), findHead(tape)));
    } finally {
      tape.dispose();
    }
  }

  /** Makes a table once: neither score nor custom gradients change between passes. */
  private tableFor(rules: RuleTable): RuleTable {
    const { score, gradients = {} } = this.options;
    const known = this.tables.get(rules);
    if (known !== undefined) return known;
    const custom = Object.keys(gradients);
    const table = withoutPairs(
      score === 'logProbability' ? savingLogits(rules) : rules,
      (kernels) => custom.some((kernel) => kernels.test(kernel)),
    );
    this.tables.set(rules, table);
    return table;
  }

  /** Asked for in each pass, as the backend may change between two runs. */
  private get kernels(): Kernels | undefined {
    const { kernels } = this.options;
    if (kernels === 'tfjs') return undefined;
    return ownKernels(kernels) ?? ownKernels('own');
  }

  /** Runs the model, and behind it the score if that is a function. */
  private forward(input: Tensor, rowTarget: RowTarget, probe?: LayerProbe): Tensor {
    const { score } = this.options;
    const output = this.run(input, probe);
    if (typeof score !== 'function') return output;
    return functionScores(score, asRows(output, rowTarget), rowTarget);
  }

  private run(input: Tensor, probe?: LayerProbe): Tensor {
    return runModel(this.options.model, input, this.options.output, probe);
  }

  /** Computes the gradients of the m scores, summed over rows, where backpropagation begins. */
  outputGradients(tape: Tape, rowTarget: RowTarget): OutputGradient[] {
    const { score } = this.options;
    return typeof score === 'function'
      ? functionOutputGradients(tape, rowTarget)
      : namedOutputGradients(score, tape, rowTarget);
  }

  /**
   * Marks rows whose output is not finite with NaN, else 0: [r, 1, ...].
   *
   * Added to the gradients, it shows an overflow that a rectifier would hide.
   */
  nonFiniteRows({ output }: Tape, x: Tensor): Tensor {
    const [rows = 1, ...rest] = x.shape;
    const perRow = typeof this.options.score === 'function' ? sum(output, 0) : output;
    return reshape(sum(mul(reshape(perRow, [rows, -1]), 0), 1), [rows, ...rest.map(() => 1)]);
  }

  /** Rounds the input of a model that takes int32, which is differentiated at the integers. */
  private modelInput(x: Tensor): Tensor {
    return this.options.spec.dtype === 'int32' ? cast(round(x), 'int32') : x;
  }
}
