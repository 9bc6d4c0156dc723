/** What the library shows of maps, as views of them; letters: h rows, w columns, c channels. */
import { aggregateChannels, blur, normalize } from 'tfjs-saliency';
import type { PlainTensor } from 'tfjs-saliency';

export type View = (map: PlainTensor) => PlainTensor;

/** Views of a map [h, w, c] in plain numbers, by name. */
export const views: Readonly<Record<string, View>> = {
  'the map itself': (map) => map,
  "'maxAbs'": (map) => aggregateChannels(map),
  "'maxAbs', blurred": (map) => blur(aggregateChannels(map)),
  "overlay's heat": (map) => normalize(blur(aggregateChannels(map))),
};
