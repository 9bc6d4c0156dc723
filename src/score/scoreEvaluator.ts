/**
 * The scores of a model and their gradients, for one pass.
 *
 * Letters: k outputs of the model, m explained classes per image, r rows of a batch.
 */
import { add, cast, mul, reshape, round, sum, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { backward } from '../gradient/backward.js';
import type { OutputGradient } from '../gradient/backward.js';
import { shareInScope } from '../gradient/engine.js';
import { FUSED_PAIRS } from '../gradient/fuse.js';
import { inputGradients } from '../gradient/inputGradient.js';
import { withKernelHook } from '../gradient/kernelHook.js';
import type { KernelHook } from '../gradient/kernelHook.js';
import { recordForward } from '../gradient/recordForward.js';
import type { RecordOptions } from '../gradient/recordForward.js';
import { withoutFusedPairs } from '../gradient/registeredGradient.js';
import type { CustomGradients } from '../gradient/registeredGradient.js';
import type { RuleTable } from '../gradient/rule.js';
import { rules as gradientRules } from '../gradient/rules/index.js';
import type { RunCache } from '../gradient/runCache.js';
import type { Tape } from '../gradient/tape.js';
import { ownKernels } from '../kernels/index.js';
import type { KernelMode, Kernels } from '../kernels/index.js';
import { LayerProbe } from '../layer/layerProbe.js';
import { candidatesOf, chosenLayers, probeFor } from '../layer/layers.js';
import type { Layer, LayerChoice } from '../layer/layers.js';
import { asGrid, maybeSpatial } from '../layer/spatial.js';
import type { Model, TensorSpec } from '../model/model.js';
import { runModel } from '../model/runModel.js';
import type { OutputChoice } from '../model/runModel.js';
import { findHead } from './head.js';
import { asRows, predictedWeights } from './rowTarget.js';
import type { RowTarget } from './rowTarget.js';
import { namedOutputGradients, namedScores, savingLogits } from './score.js';
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
  /** The layers that the pass was recorded with which the hook's kernels were counted in. */
  readonly layer?: LayerChoice | undefined;
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

/** A layer's output [r, h, w, c], and the number of the kernel that computes it. */
export interface LayerOutput {
  readonly activation: Tensor;
  readonly kernel: number | undefined;
}

/** Without pairs of kernels: nothing goes back to what is between the two. */
const singleRules = (): RuleTable =>
  Object.fromEntries(Object.entries(gradientRules).filter(([name]) => !(name in FUSED_PAIRS)));

export class ScoreEvaluator {
  constructor(private readonly options: ScoreOptions) {}

  /** Computes the gradient of each row's score with respect to that row: m tensors [r, ...]. */
  gradients(x: Tensor, rowTarget: RowTarget, rules: RuleTable): Tensor[] {
    const { cache } = this.options;
    const tape = this.record(x, rowTarget, { rules });
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

  /** Records a pass for a way back to any of its tensors. The caller disposes the tape. */
  record(x: Tensor, rowTarget: RowTarget, { rules, keepValue }: TapeOptions): Tape {
    const { gradients = {}, score } = this.options;
    const table = score === 'logProbability' ? savingLogits(rules) : rules;
    return recordForward((input) => this.forward(input, rowTarget), this.modelInput(x), {
      rules: withoutFusedPairs(table, gradients),
      gradients,
      kernels: this.kernels,
      keepValue: keepValue?.(),
    });
  }

  /** Makes a tensor [r, ...] of a tape and of each of the m places where the way back begins. */
  fromTape(x: Tensor, rowTarget: RowTarget, options: TapeOptions, make: FromTape): Tensor[] {
    const { cache } = this.options;
    const tape = this.record(x, rowTarget, options);
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
  scores(x: Tensor, rowTarget: RowTarget, { hook, layer }: HookedPass = {}): Tensor[] {
    const { score } = this.options;
    // Nodes that a graph returns besides may change the order, and with it the kernels' numbers.
    const probe = hook && probeFor(layer);
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
        rules: savingLogits(gradientRules),
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

  /**
   * Computes the activation of layers and the gradients of each class's score with respect to them:
   * for each layer, the activation [r, h, w, c] and after it m gradients of that shape.
   */
  atLayers(x: Tensor, rowTarget: RowTarget, choice: LayerChoice | undefined): Tensor[] {
    const probe = probeFor(choice);
    const tape = this.recordLayers(x, rowTarget, probe);
    const { cache } = this.options;
    try {
      return tidy(() => {
        const layers = chosenLayers(tape, choice, probe.ids);
        const ids = layers.map(({ output }) => output.id);
        const nonFinite = this.nonFiniteRows(tape, x);
        const starts = this.outputGradients(tape, rowTarget);
        const perClass = starts.map((start, i) =>
          backward(tape, start, ids, cache, i === starts.length - 1),
        );
        return layers.flatMap(({ output: { id }, grid }) => {
          const activation = shareInScope(asGrid(tape.valueOf(id)!, grid));
          return [
            activation,
            ...perClass.map((found) => {
              const gradient = found.get(id);
              return add(gradient ? asGrid(gradient, grid) : zerosLike(activation), nonFinite);
            }),
          ];
        });
      });
    } finally {
      tape.dispose();
      cache.sweep();
    }
  }

  /** Computes the activation of layers, [r, h, w, c], with the numbers of their kernels. */
  activations(x: Tensor, rowTarget: RowTarget, choice: LayerChoice | undefined): LayerOutput[] {
    const probe = probeFor(choice);
    const tape = this.recordLayers(x, rowTarget, probe);
    try {
      return chosenLayers(tape, choice, probe.ids).map(({ output: { id }, grid }) => ({
        activation: tidy(() => shareInScope(asGrid(tape.valueOf(id)!, grid))),
        kernel: tape.kernelIndexOf(id),
      }));
    } finally {
      tape.dispose();
    }
  }

  /** Lists the layers that `atLayers` can look at. */
  layers(x: Tensor, rowTarget: RowTarget): Layer[] {
    const probe = new LayerProbe(undefined);
    const tape = this.recordLayers(x, rowTarget, probe);
    try {
      return candidatesOf(tape, probe.ids).map(({ name, kernel, shape }) => ({
        name,
        kernel,
        shape,
      }));
    } finally {
      tape.dispose();
    }
  }

  /** One pass for a way back that ends at layers, which are the same ones whatever is asked. */
  private recordLayers(x: Tensor, rowTarget: RowTarget, probe: LayerProbe): Tape {
    const { score, gradients } = this.options;
    const rules = singleRules();
    return recordForward((input) => this.forward(input, rowTarget, probe), this.modelInput(x), {
      rules: score === 'logProbability' ? savingLogits(rules) : rules,
      gradients,
      kernels: this.kernels,
      recordConstant: true,
      keepValue: (_, output) => maybeSpatial(output),
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

  private outputGradients(tape: Tape, rowTarget: RowTarget): OutputGradient[] {
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
  private nonFiniteRows({ output }: Tape, x: Tensor): Tensor {
    const [rows = 1, ...rest] = x.shape;
    const perRow = typeof this.options.score === 'function' ? sum(output, 0) : output;
    return reshape(sum(mul(reshape(perRow, [rows, -1]), 0), 1), [rows, ...rest.map(() => 1)]);
  }

  /** Rounds the input of a model that takes int32, which is differentiated at the integers. */
  private modelInput(x: Tensor): Tensor {
    return this.options.spec.dtype === 'int32' ? cast(round(x), 'int32') : x;
  }
}
