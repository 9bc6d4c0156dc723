/** Where photos come from: samples, a file dialog, drop and paste. */
import type { Actions } from '../actions.js';
import type { Store } from '../state.js';
import { create, find } from './elements.js';

interface Sample {
  readonly file: string;
  readonly name: string;
  readonly description: string;
}

const SAMPLES: readonly Sample[] = [
  {
    file: 'photos/food.jpg',
    name: 'Food',
    description: 'A plate with a bowl of sauce, bread and vegetables',
  },
  {
    file: 'photos/spoon.jpg',
    name: 'Spoon',
    description: 'A sculpture in a pond: a spoon with a cherry',
  },
  {
    file: 'photos/phones.jpg',
    name: 'Phones',
    description: 'Two phones and a tablet with a word game, in red light',
  },
];

export function mountPhotos(
  store: Store,
  actions: Actions,
  openModelFiles: (files: File[]) => Promise<void>,
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

  function openSample({ file, description }: Sample): Promise<void> {
    return actions.attempt(async () => {
      const response = await fetch(file);
      if (!response.ok) throw new Error(`${file}: HTTP status ${response.status}`);
      await actions.openPhoto(await response.blob(), file, description);
    });
  }

  function openFiles(files: readonly File[]): Promise<void> {
    const [file] = files;
    if (file === undefined) return Promise.resolve();
    if (files.some(({ name }) => /\.(json|bin)$/.test(name))) return openModelFiles([...files]);
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
  void openSample(SAMPLES[0]!);
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
    void openFiles([...(event.dataTransfer?.files ?? [])]);
  });
}
