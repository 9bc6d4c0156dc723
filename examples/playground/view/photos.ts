/** Where photos come from: samples, a file dialog, drop and paste. */
import type { Actions } from '../actions.js';
import { SAMPLES } from '../samples.js';
import type { Sample } from '../samples.js';
import type { Store } from '../state.js';
import { droppedFiles } from './droppedFiles.js';
import { create, find } from './elements.js';

/** @param first - the id of the sample that is opened first */
export function mountPhotos(
  store: Store,
  actions: Actions,
  openModelFiles: (files: File[]) => Promise<void>,
  first: string | undefined,
): void {
  const samples = find('.samples');
  const buttons = SAMPLES.map((sample) => {
    const image = create('img', { src: sample.file, alt: '' });
    const button = create(
      'button',
      { type: 'button', class: 'sample', 'aria-label': sample.description },
      image,
    );
    button.addEventListener('click', () => void openSample(sample));
    return button;
  });
  samples.prepend(...buttons);
  store.watch(({ photo }) => {
    for (const [i, button] of buttons.entries()) {
      button.setAttribute('aria-pressed', String(photo?.name === SAMPLES[i]!.file));
    }
  });

  async function openSample({ file, description }: Sample): Promise<void> {
    let photo: Blob | undefined;
    await actions.attempt('photo', async () => {
      const response = await fetch(file);
      if (!response.ok) throw new Error(`${file}: HTTP status ${response.status}`);
      photo = await response.blob();
    });
    if (photo !== undefined) await actions.openPhoto(photo, file, description);
  }

  function openFiles(files: readonly File[]): Promise<void> {
    const [file] = files;
    if (file === undefined) return Promise.resolve();
    if (areModel(files)) return openModelFiles([...files]);
    return actions.openPhoto(file, file.name, `Your photo ${file.name}`);
  }

  const input = find<HTMLInputElement>('#photo-file');
  input.addEventListener('change', () => {
    void openFiles([...input.files!]);
    input.value = ''; // so that the same file can be chosen again
  });
  document.addEventListener(
    'paste',
    ({ clipboardData }) => void openFiles([...(clipboardData?.files ?? [])]),
  );
  mountDrop(openFiles);
  void openSample(SAMPLES.find(({ id }) => id === first) ?? SAMPLES[0]!);
}

/** Shards of older converters have names without an ending. */
function areModel(files: readonly File[]): boolean {
  const isPhoto = ({ type }: File): boolean => type.startsWith('image/');
  return (
    files.some(({ name }) => /\.(json|bin)$/.test(name)) ||
    (files.length > 1 && !files.some(isPhoto))
  );
}

function mountDrop(openFiles: (files: readonly File[]) => Promise<void>): void {
  const mark = (isOver: boolean): void => {
    document.body.classList.toggle('drop', isOver);
  };
  document.addEventListener('dragover', (event) => {
    event.preventDefault(); // else the browser leaves the page for the file
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    mark(false);
    if (event.dataTransfer !== null) void droppedFiles(event.dataTransfer).then(openFiles);
  });
}
