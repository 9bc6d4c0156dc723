import type { Model, PreprocessingPreset } from 'tfjs-saliency';
import { fitPreset, presetNamed } from '../../demo/presets.js';
import { centernetClassifier, centernetPreprocess } from '../../shared/centernetClassifier.js';
import { loadModelFiles } from '../../shared/loadModelFiles.js';
import type { ModelFiles } from '../../shared/modelFiles.js';
import { remoteFiles } from '../../shared/remoteFiles.js';
import { InputError } from '../../shared/run.js';
import type { ModelSource } from '../state.js';

/** @throws InputError if there is no model, or if it is damaged. */
export async function openModel(
  source: ModelSource,
): Promise<{ model: Model; preprocess: PreprocessingPreset }> {
  const files =
    source.kind === 'files' ? chosenFiles(source.json, source.addresses) : remoteFiles(source.json);
  const model = await loadModelFiles(files);
  if (source.kind === 'centernet')
    return { model: centernetClassifier(model), preprocess: centernetPreprocess };
  return { model, preprocess: fitPreset(presetNamed(source.preset), model) };
}

/** Files that the user chose, which the page has given addresses. */
function chosenFiles(json: string, addresses: Readonly<Record<string, string>>): ModelFiles {
  return {
    json,
    locate: (name) => name,
    async read(name) {
      const address = addresses[name.split('/').at(-1)!];
      if (address === undefined) throw new InputError(`${name}: choose it together with ${json}`);
      return (await fetch(address)).arrayBuffer();
    },
  };
}
