/** The threads that compute. */
import { serveSaliency } from 'tfjs-saliency/worker';
import type { LoadedModel } from 'tfjs-saliency/worker';
import { useWasm } from '../shared/backend.js';
import { loadClassifier } from './classifier.js';
import type { ModelSpec } from './classifier.js';

await useWasm();

serveSaliency({
  async load(spec: ModelSpec): Promise<LoadedModel> {
    const { model, preprocess } = await loadClassifier(spec);
    return { model, preprocess };
  },
});
