/**
 * Which tensors the layers of a model return in one forward pass: LayersModel's layers by name,
 * nested ones too, and GraphModel's nodes.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { isTensor } from '../checks.js';
import type { Model, ModelOutput, PredictModel } from '../model/model.js';

/** A layer of tfjs-layers, as far as it is looked at. */
interface Layer {
  readonly name: string;
  readonly layers?: readonly Layer[];
  call(...call: unknown[]): unknown;
}

/** GraphModel's nodes, which it keeps to itself. */
interface Graph {
  readonly executor?: { readonly graph?: { readonly nodes?: Record<string, { op: string }> } };
}

export class LayerProbe {
  /** The id of the tensor that each layer returned, by the layer's name. */
  readonly ids = new Map<string, number>();

  /** @param names which nodes of a graph are looked at; undefined for all */
  constructor(private readonly names: readonly string[] | undefined) {}

  /**
   * Runs the model and notes what its layers return.
   * @param output the node of a graph whose value is wanted
   */
  run(
    model: Model,
    input: Tensor,
    output: string | undefined,
    run: () => ModelOutput,
  ): ModelOutput {
    if (typeof model === 'function') return run();
    const { execute, outputNodes } = model;
    if (execute !== undefined && outputNodes !== undefined) {
      return this.runGraph(model, input, output === undefined ? outputNodes : [output]);
    }
    return this.runLayers(layersOf(model), run);
  }

  private runGraph(model: PredictModel, input: Tensor, outputs: readonly string[]): ModelOutput {
    const wanted = this.names?.filter((name) => name in nodesOf(model)) ?? operationsOf(model);
    const names = [...new Set([...wanted, ...outputs])];
    // Typed for one node, as that is what models have to offer.
    const executeAll = model.execute!.bind(model) as unknown as (
      x: Tensor,
      nodes: string[],
    ) => Tensor | Tensor[];
    const result = executeAll(input, names);
    const tensors = Array.isArray(result) ? result : [result];
    names.forEach((name, i) => this.ids.set(name, tensors[i]!.id));
    return outputs.map((name) => tensors[names.indexOf(name)]!);
  }

  /** Replaces each layer's `call` for the length of the pass. */
  private runLayers(layers: readonly Layer[], run: () => ModelOutput): ModelOutput {
    const before = layers.map((layer) => Object.getOwnPropertyDescriptor(layer, 'call'));
    try {
      for (const layer of layers) {
        const call = layer.call.bind(layer);
        layer.call = (...args) => {
          const result = call(...args);
          if (isTensor(result)) this.ids.set(layer.name, result.id);
          return result;
        };
      }
      return run();
    } finally {
      layers.forEach((layer, i) => {
        const descriptor = before[i];
        if (descriptor === undefined) Reflect.deleteProperty(layer, 'call');
        else Object.defineProperty(layer, 'call', descriptor);
      });
    }
  }
}

function layersOf(model: unknown): Layer[] {
  const { layers = [] } = model as { layers?: readonly Layer[] };
  return layers.flatMap((layer) => [layer, ...layersOf(layer)]);
}

const nodesOf = (model: unknown): Record<string, { op: string }> =>
  (model as Graph).executor?.graph?.nodes ?? {};

const operationsOf = (model: unknown): string[] =>
  Object.entries(nodesOf(model))
    .filter(([, { op }]) => op !== 'Const' && op !== 'Placeholder')
    .map(([name]) => name);
