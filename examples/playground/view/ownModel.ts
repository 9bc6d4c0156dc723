/** A model of the user's own: from files or a URL. */
import type { Actions } from '../actions.js';
import { centernet } from '../centernet.js';
import { classifierOfFiles, classifierOfUrl } from '../modelFiles.js';
import { PRESETS } from '../presets.js';
import type { Store } from '../state.js';
import { create, find, setText } from './elements.js';

/** @returns how files become the model: they may also be dropped on the page */
export function mountOwnModel(store: Store, actions: Actions): (files: File[]) => Promise<void> {
  const preset = find<HTMLSelectElement>('#preset');
  preset.append(...PRESETS.map((name) => create('option', {}, name)));
  const embedded = find<HTMLButtonElement>('#embedded');
  const url = find<HTMLInputElement>('#url');
  const files = find<HTMLInputElement>('#model-files');

  const openFiles = (chosen: File[]): Promise<void> =>
    actions.attempt(async () => actions.useModel(await classifierOfFiles(chosen, preset.value)));

  find('#own').addEventListener('submit', (event) => {
    event.preventDefault();
    if (url.value === '') return;
    void actions.attempt(async () =>
      actions.useModel(await classifierOfUrl(url.value, preset.value)),
    );
  });
  files.addEventListener('change', () => {
    void openFiles([...files.files!]);
    files.value = '';
  });
  embedded.addEventListener('click', () => void actions.useModel(centernet));
  store.watch(({ classifier }) => {
    embedded.hidden = classifier.source.kind === 'centernet';
    setText(find('#model-note'), `Model: ${classifier.name}`);
  });
  return openFiles;
}
