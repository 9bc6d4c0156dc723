/** The threads that compute. */
import { serveSaliency } from 'tfjs-saliency/worker';
import type { LoadedModel } from 'tfjs-saliency/worker';
import { loadCenterNet } from '../demo/centernet.js';
import { loadOwnModel } from '../demo/classifier.js';
import { presetNamed } from '../demo/presets.js';
import { useWasm } from '../shared/backend.js';

/** Which model; without a location, the example's own. */
export interface ModelSpec {
  readonly location?: string;
  /** The name of its preset. */
  readonly preset?: string;
}

await useWasm();

serveSaliency({
  load({ location, preset }: ModelSpec): Promise<LoadedModel> {
    if (location === undefined) return loadCenterNet();
    return loadOwnModel({ location, preset: presetNamed(preset!), labels: undefined });
  },
});
