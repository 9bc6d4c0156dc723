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
import type { Model } from '../model/model.js';
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
    layersOfPass(context, part, rowTarget, choice),
  );
  const perLayer = 1 + context.classes;
  return Array.from({ length: tensors.length / perLayer }, (_, i) => {
    const [activation, ...gradients] = tensors.slice(i * perLayer, (i + 1) * perLayer);
    return { activation: activation!, gradients };
  });
}

/** Returns for each layer its activation and after it m gradients, all [r, h, w, c]. */
function layersOfPass(
  context: Context,
  x: Tensor,
  rowTarget: RowTarget,
  choice: LayerChoice | undefined,
): Tensor[] {
  const { evaluator } = context;
  const { cache } = evaluator;
  const { tape, layers } = recordChosen(context, x, rowTarget, choice);
  try {
    return tidy(() => {
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
  let kernels: (number | undefined)[] = [];
  const tensors = yield* context.passes(rows, (part, rowTarget) => {
    const { tape, layers } = recordChosen(context, part, rowTarget, choice);
    try {
      kernels = kernelsOf(tape, layers);
      return layers.map((layer) => tidy(() => activationOf(tape, layer)));
    } finally {
      tape.dispose();
    }
  });
  return tensors.map((activation, i) => ({ activation, kernel: kernels[i] }));
}

/** By model and choice of layers, the number of the first kernel that computes one of them. */
const firstKernels = new WeakMap<Model, Map<string, number>>();

/** A recorded pass, and the layers that were chosen. The caller disposes the tape. */
interface LayerPass {
  readonly tape: Tape;
  readonly layers: readonly ChosenLayer[];
}

/** Records a pass that saves nothing below the chosen layers, once they are known of the model. */
function recordChosen(
  context: Context,
  x: Tensor,
  rowTarget: RowTarget,
  choice: LayerChoice | undefined,
): LayerPass {
  const { model, evaluator } = context;
  const known = firstKernels.get(model) ?? new Map<string, number>();
  firstKernels.set(model, known);
  const key = JSON.stringify(choice ?? null);
  const saveFrom = known.get(key);
  const probe = probeFor(choice);
  const tape = recordLayers(evaluator, x, rowTarget, probe, saveFrom);
  try {
    const layers = chosenLayers(tape, choice, probe.ids);
    const first = Math.min(...kernelsOf(tape, layers).map((kernel) => kernel ?? 0));
    known.set(key, Math.min(first, saveFrom ?? first));
    if (first >= (saveFrom ?? 0)) return { tape, layers };
  } catch (error) {
    tape.dispose();
    throw error;
  }
  // The model has changed, or another output is explained: once more, from that layer on.
  tape.dispose();
  return recordChosen(context, x, rowTarget, choice);
}

function kernelsOf(tape: Tape, layers: readonly ChosenLayer[]): (number | undefined)[] {
  return layers.map(({ output }) => tape.kernelIndexOf(output.id));
}

/**
 * Records a pass for a way back that ends at layers, for all methods alike.
 * @param saveFrom the number of the first kernel that saves values. Default: of all
 */
export function recordLayers(
  evaluator: ScoreEvaluator,
  x: Tensor,
  rowTarget: RowTarget,
  probe: LayerProbe,
  saveFrom?: number,
): Tape {
  return evaluator.record(x, rowTarget, singleRules, {
    probe,
    saveFrom,
    recordConstant: true,
    keepValue: (_, output) => maybeSpatial(output),
  });
}

/** Returns a layer's activation [r, h, w, c], in the surrounding tidy. */
function activationOf(tape: Tape, { output, grid }: ChosenLayer): Tensor {
  return shareInScope(asGrid(tape.valueOf(output.id)!, grid));
}
