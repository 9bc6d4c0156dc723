import { cocoLabels } from '../demo/cocoLabels.js';
import type { Classifier } from './state.js';

/** The model that comes with the page. */
export const centernet: Classifier = {
  name: 'CenterNet, an object detector that knows 80 everyday things. A thing’s score is its greatest at any place.',
  source: {
    kind: 'centernet',
    json: new URL('model/centernet.json', document.baseURI).href,
  },
  labels: cocoLabels,
};
