/** A model of the user's own: from files, a folder or a URL. */
import type { Actions } from '../actions.js';
import { centernet } from '../centernet.js';
import { PRESETS } from '../library.js';
import { classifierOfFiles, classifierOfUrl, withPreset } from '../modelFiles.js';
import type { Classifier, Store } from '../state.js';
import { create, find, setText } from './elements.js';

/** @returns how files become the model: they may also be dropped on the page */
export function mountOwnModel(store: Store, actions: Actions): (files: File[]) => Promise<void> {
  const preset = find<HTMLSelectElement>('#preset');
  preset.append(...PRESETS.map(({ name }) => create('option', {}, name)));
  preset.value = 'unit';
  const embedded = find<HTMLButtonElement>('#embedded');
  const url = find<HTMLInputElement>('#url');

  async function use(open: () => Promise<Classifier>): Promise<void> {
    let classifier: Classifier | undefined;
    await actions.attempt('model', async () => {
      classifier = await open();
    });
    if (classifier !== undefined) await actions.useModel(classifier);
  }

  const openFiles = (files: File[]): Promise<void> =>
    use(() => classifierOfFiles(files, preset.value));

  find('#own').addEventListener('submit', (event) => {
    event.preventDefault();
    if (url.value !== '') void use(() => classifierOfUrl(url.value, preset.value));
  });
  for (const id of ['#model-files', '#model-folder']) {
    const input = find<HTMLInputElement>(id);
    input.addEventListener('change', () => {
      void openFiles([...input.files!]);
      input.value = ''; // so that the same files can be chosen again
    });
  }
  preset.addEventListener('change', () => {
    const { classifier } = store.state;
    if (classifier.source.kind !== 'centernet')
      void actions.useModel(withPreset(classifier, preset.value));
  });
  embedded.addEventListener('click', () => void actions.useModel(centernet));
  store.watch(({ classifier: { name, source } }) => {
    embedded.hidden = source.kind === 'centernet';
    if (source.kind !== 'centernet') preset.value = source.preset.name;
    setText(find('#model-note'), `Model: ${name}`);
  });
  return openFiles;
}
