import { loadOwnModel } from '../demo/classifier.js';
import type { Classifier } from '../demo/classifier.js';
import type { BackendName } from '../shared/backend.js';
import { presetNamed } from '../demo/presets.js';

/** Which model; without a location, the example's own. */
export interface ModelSpec {
  readonly location?: string;
  /** The name of its preset; without, it is guessed. */
  readonly preset?: string;
  /** Which of several outputs has the scores. */
  readonly output?: string;
  /** Where the workers compute ('wasm'). */
  readonly backend?: BackendName;
}

/**
 * Loads the model with its preprocessing and labels, in the main thread and in each worker alike.
 */
export async function loadClassifier(
  { location, preset, output }: ModelSpec,
  labels?: string,
): Promise<Classifier> {
  if (location === undefined) return (await import('../demo/centernet.js')).loadCenterNet();
  const chosen = preset === undefined ? undefined : presetNamed(preset);
  return loadOwnModel({ location, preset: chosen, labels, output });
}
