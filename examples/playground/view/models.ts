/** The models of the page to choose from, and one of the user's own: from files or a URL. */
import type { Actions } from '../actions.js';
import { PRESETS } from '../library.js';
import type { Link } from '../link.js';
import { classifierOfFiles, classifierOfUrl, withPreset } from '../modelFiles.js';
import { MODELS } from '../models.js';
import type { Classifier, Store } from '../state.js';
import { create, find, setText } from './elements.js';

/** The value of the choice that stands for a model of the user's own. */
const OWN = '';

/**
 * @param link - whose model of the user's own is loaded
 * @returns how files become the model: they may also be dropped on the page
 */
export async function mountModels(
  store: Store,
  actions: Actions,
  link: Pick<Link, 'modelUrl' | 'preset'>,
): Promise<(files: File[]) => Promise<void>> {
  const preset = find<HTMLSelectElement>('#preset');
  preset.append(...PRESETS.map(({ name }) => create('option', {}, name)));
  /** The user's own choice, which stands where a model's files tell none. */
  let chosen = link.preset ?? 'unit';
  preset.value = chosen;
  const url = find<HTMLInputElement>('#url');

  async function use(open: () => Promise<Classifier>): Promise<void> {
    let classifier: Classifier | undefined;
    await actions.attempt('own', async () => {
      classifier = await open();
    });
    if (classifier !== undefined) await actions.useModel(classifier);
  }

  const openUrl = (): Promise<void> => use(() => classifierOfUrl(url.value, chosen));
  const openFiles = (files: File[]): Promise<void> => use(() => classifierOfFiles(files, chosen));

  find('#own').addEventListener('submit', (event) => {
    event.preventDefault();
    if (url.value !== '') void openUrl();
  });
  for (const id of ['#model-files', '#model-folder']) {
    const input = find<HTMLInputElement>(id);
    input.addEventListener('change', () => {
      void openFiles([...input.files!]);
      input.value = ''; // so that the same files can be chosen again
    });
  }
  preset.addEventListener('change', () => {
    chosen = preset.value;
    const { classifier } = store.state;
    if (classifier.id === undefined) void actions.useModel(withPreset(classifier, chosen));
  });
  mountChoice(store, actions);
  store.watch(({ classifier: { id, source } }) => {
    if (id === undefined) preset.value = source.preset.name;
  });
  if (link.modelUrl !== undefined) {
    url.value = link.modelUrl;
    await openUrl(); // before the first photo, which needs no other model then
  }
  return openFiles;
}

function mountChoice(store: Store, actions: Actions): void {
  const select = find<HTMLSelectElement>('#model');
  const own = create('option', { value: OWN }, 'Your own');
  const names = MODELS.map(({ id, name }) => create('option', { value: id! }, name));
  select.append(...names, own);
  select.addEventListener('change', () => {
    const model = MODELS.find(({ id }) => id === select.value);
    if (model !== undefined) void actions.useModel(model);
  });
  store.watch(({ classifier: { id, name, note } }) => {
    own.hidden = id !== undefined;
    select.value = id ?? OWN;
    setText(find('#model-note'), note === '' ? name : note);
  });
}
