/** Recurrent layers of tfjs-layers that remember their last batch (`stateful: true`). */
import { dispose, keep } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { share } from '../gradient/engine.js';

/** The used part of a layer, or of a model or wrapper of layers. */
interface Layer {
  readonly stateful?: boolean;
  states_?: Tensor[] | null;
  readonly layers?: readonly Layer[];
  readonly layer?: Layer;
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
}

/** Runs a model and restores its layers' states, so that all passes start alike. */
export function withStatesRestored<T>(model: unknown, run: () => T): T {
  const layers = statefulLayers(model as Layer);
  const before = layers.map((layer) => layer.states_);
  try {
    layers.forEach((layer, i) => {
      // The layer disposes what it replaces.
      layer.states_ = before[i]?.map((state) => keep(share(state))) ?? null;
    });
    return run();
  } finally {
    layers.forEach((layer, i) => {
      dispose(layer.states_ ?? []);
      layer.states_ = before[i] ?? null;
    });
  }
}

function statefulLayers(layer: Layer): Layer[] {
  const { layers = [], layer: wrapped, forwardLayer, backwardLayer } = layer;
  const inner = [...layers, wrapped, forwardLayer, backwardLayer].filter((part) => part != null);
  const isRecurrent = layer.stateful === true && 'states_' in layer;
  return [...(isRecurrent ? [layer] : []), ...inner.flatMap(statefulLayers)];
}
