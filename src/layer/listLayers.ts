import { slice } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { inFunction } from '../inFunction.js';
import { attributionOptions } from '../method/attributionOptions.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import { openContext } from '../method/context.js';
import type { Context } from '../method/context.js';
import type { Model } from '../model/model.js';
import { checkKnown } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import { recordLayers } from './atLayers.js';
import { LayerProbe } from './layerProbe.js';
import { candidatesOf } from './layers.js';
import type { Layer } from './layers.js';

/**
 * Lists the layers that Grad-CAM and its kin can look at.
 *
 * They come in the order of the forward pass. Those of a LayersModel have their layers' names,
 * those of a graph their nodes'; what has no name is called by its kernel and number. Runs one
 * forward pass.
 *
 * @param model as for {@link gradCam}
 * @param input as for {@link gradCam}; of a batch, the first
 * @throws TypeError or RangeError for a wrong argument
 */
export function layers(
  model: Model,
  input: Tensor | ImageInput,
  options: AttributionOptions = {},
): Layer[] {
  return inFunction('layers', () => {
    checkKnown(options, attributionOptions);
    const context = openContext(model, input, 'argmax', options);
    try {
      return layersOf(context);
    } finally {
      context.dispose();
    }
  });
}

/** Lists the layers that one pass of the first image shows. */
function layersOf(context: Context): Layer[] {
  const first = slice(context.input, 0, 1);
  const probe = new LayerProbe(undefined);
  try {
    const tape = recordLayers(context.evaluator, first, context.rowTarget(first, 0), probe);
    try {
      return candidatesOf(tape, probe.ids).map(({ name, kernel, shape }) => ({
        name,
        kernel,
        shape,
      }));
    } finally {
      tape.dispose();
    }
  } finally {
    first.dispose();
  }
}
