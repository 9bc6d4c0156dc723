/** The threads that compute. */
import { serveSaliency } from 'tfjs-saliency/worker';
import type { LoadedModel } from 'tfjs-saliency/worker';
import { useBackend } from '../shared/backend.js';
import { loadClassifier } from './classifier.js';
import type { ModelSpec } from './classifier.js';

serveSaliency({
  async load(spec: ModelSpec): Promise<LoadedModel> {
    await useBackend(spec.backend ?? 'wasm');
    const { model, preprocess } = await loadClassifier(spec);
    return { model, preprocess };
  },
});
