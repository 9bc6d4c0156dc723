import { createPreprocessing } from 'tfjs-saliency';
import type { Model, PreprocessingPreset } from 'tfjs-saliency';
import * as presets from '../../../src/preprocessing/presets.js';
import { remoteFiles } from '../remoteFiles.js';
import type { ModelFiles } from '../remoteFiles.js';
import type { ModelSource } from '../state.js';
import { loadModelFiles } from './loadModelFiles.js';

/** @throws Error in one line if there is no model, or if it is damaged. */
export async function openModel(
  source: ModelSource,
): Promise<{ model: Model; preprocess: PreprocessingPreset }> {
  const files =
    source.kind === 'files' ? chosenFiles(source.json, source.addresses) : remoteFiles(source.json);
  const model = await loadModelFiles(files);
  const { name, change } = source.preset;
  const { options } = presets[name as keyof typeof presets];
  return { model, preprocess: createPreprocessing({ ...options, ...change }) };
}

/** Reads files that the user chose, which the page has given addresses. */
function chosenFiles(json: string, addresses: Readonly<Record<string, string>>): ModelFiles {
  return {
    json,
    locate: (name) => name,
    async read(name) {
      const file = name.split('/').at(-1)!;
      // Not what every object has, such as 'constructor'.
      const address = Object.hasOwn(addresses, file) ? addresses[file] : undefined;
      if (address === undefined) throw new Error(`${name}: choose it together with ${json}`);
      return (await fetch(address)).arrayBuffer();
    },
  };
}
