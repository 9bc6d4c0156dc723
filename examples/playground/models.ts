/** The models that come with the page. */
import { cocoLabels } from '../demo/cocoLabels.js';
import type { Classifier } from './state.js';

/** CenterNet, an object detector, as a classifier: for two sizes of photos. */
export const MODELS: readonly Classifier[] = [256, 512].map((side) => ({
  id: `centernet-${side}`,
  name: `CenterNet, ${side} × ${side}`,
  note: `An object detector that knows 80 everyday things. A thing’s score is its greatest at any place.`,
  source: {
    kind: 'url',
    json: new URL(`model/centernet-${side}.json`, document.baseURI).href,
    format: 'graph-model',
    shape: [-1, side, side, 3],
    // It takes 0..255, as EfficientNet does.
    preset: { name: 'efficientnet', change: { inputSize: [side, side] } },
  },
  labels: cocoLabels,
  // Its head reads one place of the last layer; this one has the coarsest places.
  layer: 'tower_0/CenternetHead/c5_upsample/add',
}));

/** The fastest. */
export const DEFAULT_MODEL = MODELS[0]!;
