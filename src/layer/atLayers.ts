/**
 * What methods ask of a model's layers.
 *
 * Letters: r rows; a layer of h x w places and c channels; m explained classes per image.
 */
import { add, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { backward } from '../gradient/backward.js';
import { shareInScope } from '../gradient/engine.js';
import { withoutPairs } from '../gradient/fuse.js';
import { rules } from '../gradient/rules/index.js';
import type { Tape } from '../gradient/tape.js';
import type { Context } from '../method/context.js';
import type { Task } from '../run/task.js';
import type { RowTarget } from '../score/rowTarget.js';
import type { ScoreEvaluator } from '../score/scoreEvaluator.js';
import type { LayerProbe } from './layerProbe.js';
import { chosenLayers, probeFor } from './layers.js';
import type { ChosenLayer, LayerChoice } from './layers.js';
import { asGrid, maybeSpatial } from './spatial.js';

/** A layer's output [r, h, w, c], and the number of the kernel that computes it. */
export interface LayerOutput {
  readonly activation: Tensor;
  readonly kernel: number | undefined;
}

/** A layer's output, and each class's gradient with respect to it. */
export interface LayerActivation {
  /** [r, h, w, c] */
  readonly activation: Tensor;
  /** m tensors [r, h, w, c] */
  readonly gradients: readonly Tensor[];
}

/** Rules without pairs of kernels: a way back may end between the two. */
const singleRules = /* @__PURE__ */ withoutPairs(rules);

/**
 * Computes the activations of layers and the m scores' gradients with respect to them.
 * @param choice undefined for the features that the head reads
 */
export function* atLayers(
  context: Context,
  rows: Tensor,
  choice: LayerChoice | undefined,
): Task<LayerActivation[]> {
  const tensors = yield* context.passes(rows, (part, rowTarget) =>
    layersOfPass(context.evaluator, part, rowTarget, choice),
  );
  const perLayer = 1 + context.classes;
  return Array.from({ length: tensors.length / perLayer }, (_, i) => {
    const [activation, ...gradients] = tensors.slice(i * perLayer, (i + 1) * perLayer);
    return { activation: activation!, gradients };
  });
}

/** Returns for each layer its activation and after it m gradients, all [r, h, w, c]. */
function layersOfPass(
  evaluator: ScoreEvaluator,
  x: Tensor,
  rowTarget: RowTarget,
  choice: LayerChoice | undefined,
): Tensor[] {
  const { cache } = evaluator;
  const probe = probeFor(choice);
  const tape = recordLayers(evaluator, x, rowTarget, probe);
  try {
    return tidy(() => {
      const layers = chosenLayers(tape, choice, probe.ids);
      const ids = layers.map(({ output }) => output.id);
      const nonFinite = evaluator.nonFiniteRows(tape, x);
      const starts = evaluator.outputGradients(tape, rowTarget);
      const perClass = starts.map((start, i) =>
        backward(tape, start, ids, cache, i === starts.length - 1),
      );
      return layers.flatMap((layer) => {
        const activation = activationOf(tape, layer);
        return [
          activation,
          ...perClass.map((found) => {
            const gradient = found.get(layer.output.id);
            const atPlaces = gradient && asGrid(gradient, layer.grid);
            return add(atPlaces ?? zerosLike(activation), nonFinite);
          }),
        ];
      });
    });
  } finally {
    tape.dispose();
    cache.sweep();
  }
}

/** Computes the activations of layers, without a way back. */
export function* activationsAt(
  context: Context,
  rows: Tensor,
  choice: LayerChoice | undefined,
): Task<LayerOutput[]> {
  const { evaluator } = context;
  let kernels: (number | undefined)[] = [];
  const tensors = yield* context.passes(rows, (part, rowTarget) => {
    const probe = probeFor(choice);
    const tape = recordLayers(evaluator, part, rowTarget, probe);
    try {
      const layers = chosenLayers(tape, choice, probe.ids);
      kernels = layers.map(({ output }) => tape.kernelIndexOf(output.id));
      return layers.map((layer) => tidy(() => activationOf(tape, layer)));
    } finally {
      tape.dispose();
    }
  });
  return tensors.map((activation, i) => ({ activation, kernel: kernels[i] }));
}

/** Records a pass for a way back that ends at layers, for all methods alike. */
export function recordLayers(
  evaluator: ScoreEvaluator,
  x: Tensor,
  rowTarget: RowTarget,
  probe: LayerProbe,
): Tape {
  return evaluator.record(x, rowTarget, singleRules, {
    probe,
    recordConstant: true,
    keepValue: (_, output) => maybeSpatial(output),
  });
}

/** Returns a layer's activation [r, h, w, c], in the surrounding tidy. */
function activationOf(tape: Tape, { output, grid }: ChosenLayer): Tensor {
  return shareInScope(asGrid(tape.valueOf(output.id)!, grid));
}
