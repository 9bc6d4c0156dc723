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
import { inputGradients } from '../gradient/inputGradient.js';
import { recordForward } from '../gradient/recordForward.js';
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
import { isSpatial } from '../layer/spatial.js';
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

export class ScoreEvaluator {
  constructor(private readonly options: ScoreOptions) {}

  /** Computes for each class the gradient of each row's score with respect to that row. */
  gradients(x: Tensor, rowTarget: RowTarget, rules: RuleTable): Tensor[] {
    const { gradients = {}, score, cache } = this.options;
    const table = withoutFusedPairs(
      score === 'logProbability' ? savingLogits(rules) : rules,
      gradients,
    );
    const tape = recordForward((input) => this.forward(input, rowTarget), this.modelInput(x), {
      rules: table,
      gradients,
      kernels: this.kernels,
    });
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

  /** Computes for each class each row's score: m tensors [r]. */
  scores(x: Tensor, rowTarget: RowTarget, rules: RuleTable): Tensor[] {
    const { score } = this.options;
    return tidy(() => {
      if (typeof score === 'function') {
        return perClass(this.forward(this.modelInput(x), rowTarget), rowTarget);
      }
      const forward = (input: Tensor): Tensor => this.forward(input, rowTarget);
      const tape = recordForward(forward, this.modelInput(x), {
        rules: savingLogits(rules),
        kernels: this.kernels,
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
    const { score, gradients = {}, cache } = this.options;
    const rules = score === 'logProbability' ? savingLogits(gradientRules) : gradientRules;
    const probe = probeFor(choice);
    const forward = (input: Tensor): Tensor => this.forward(input, rowTarget, probe);
    const tape = recordForward(forward, this.modelInput(x), {
      rules: withoutFusedPairs(rules, gradients),
      gradients,
      kernels: this.kernels,
      recordConstant: true,
      keepValue: (_, output) => isSpatial(output),
    });
    try {
      return tidy(() => {
        const ids = chosenLayers(tape, choice, probe.ids).map(({ id }) => id);
        const nonFinite = this.nonFiniteRows(tape, x);
        const starts = this.outputGradients(tape, rowTarget);
        const perClass = starts.map((start, i) =>
          backward(tape, start, ids, cache, i === starts.length - 1),
        );
        return ids.flatMap((id) => {
          const activation = shareInScope(tape.valueOf(id)!);
          const atLayer = perClass.map((found) => found.get(id) ?? zerosLike(activation));
          return [activation, ...atLayer.map((gradient) => add(gradient, nonFinite))];
        });
      });
    } finally {
      tape.dispose();
      cache.sweep();
    }
  }

  /** Lists the layers that `atLayers` can look at. */
  layers(x: Tensor, rowTarget: RowTarget): Layer[] {
    const probe = new LayerProbe(undefined);
    const forward = (input: Tensor): Tensor => this.forward(input, rowTarget, probe);
    const tape = recordForward(forward, this.modelInput(x), { recordConstant: true });
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

  /** The model, and behind it the score if that is a function of the user's own. */
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
   * [r, 1, ...], NaN where a row's output has a number that is not finite, else 0. Added to the
   * gradients, it makes an overflow show in them that a rectifier swallows on the way back.
   */
  private nonFiniteRows({ output }: Tape, x: Tensor): Tensor {
    const [rows = 1, ...rest] = x.shape;
    const perRow = typeof this.options.score === 'function' ? sum(output, 0) : output;
    return reshape(sum(mul(reshape(perRow, [rows, -1]), 0), 1), [rows, ...rest.map(() => 1)]);
  }

  /** A model of int32 input gets whole numbers, and is differentiated with respect to these. */
  private modelInput(x: Tensor): Tensor {
    return this.options.spec.dtype === 'int32' ? cast(round(x), 'int32') : x;
  }
}
