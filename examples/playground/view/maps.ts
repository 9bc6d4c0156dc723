/**
 * The maps side by side; the chosen one lies over the photo, and is what is downloaded and written
 * as code.
 */
import type { Actions } from '../actions.js';
import { codeOf } from '../code.js';
import type { Painter } from '../painter.js';
import { ALL_KINDS, kindsOf } from '../state.js';
import type { MapKind, Store } from '../state.js';
import { altOf, detailOf, nameOf, titleOf } from '../words.js';
import { copyText } from './copy.js';
import { create, find, setText } from './elements.js';

/** The canvases of all the maps, those of one class or of two seen at a time. */
export function createMapCanvases(): ReadonlyMap<MapKind, HTMLCanvasElement> {
  return new Map(
    ALL_KINDS.map((kind) => [kind, create('canvas', { role: 'img', 'aria-label': '' })]),
  );
}

export function mountMaps(
  store: Store,
  actions: Actions,
  painter: Painter,
  canvases: ReadonlyMap<MapKind, HTMLCanvasElement>,
): void {
  for (const kind of ALL_KINDS) mountCard(store, actions, kind, canvases.get(kind)!);
  const download = find<HTMLButtonElement>('#download');
  const copy = find<HTMLButtonElement>('#copy');
  download.addEventListener(
    'click',
    () => void actions.attempt('copy', () => save(store, painter)),
  );
  copy.addEventListener('click', () => {
    void actions.attempt('copy', () => copyText(codeOf(store.state), copy));
  });
  store.watch(({ maps, shown }) => {
    download.disabled = copy.disabled = !maps.includes(shown);
  });
}

function mountCard(store: Store, actions: Actions, kind: MapKind, canvas: HTMLCanvasElement): void {
  const radio = create('input', { type: 'radio', name: 'map', value: kind });
  const [title, detail] = [create('strong'), create('small')];
  const card = create(
    'label',
    { class: 'card' },
    radio,
    create('span', { class: 'frame' }, canvas),
    create('span', { class: 'title' }, title, detail),
  );
  find('.cards').append(card);
  radio.addEventListener('change', () => {
    actions.show(kind);
  });
  store.watch((state) => {
    const kinds = kindsOf(state);
    card.hidden = !kinds.includes(kind);
    card.style.order = String(kinds.indexOf(kind));
    const hasMap = state.maps.includes(kind);
    card.classList.toggle('empty', !hasMap);
    radio.disabled = !hasMap;
    radio.checked = state.shown === kind;
    setText(title, titleOf(kind, state));
    const hasText = hasMap || state.failed[kind] !== undefined;
    setText(detail, hasText ? detailOf(kind, state) : state.busy === 'running' ? 'to come' : '');
    canvas.setAttribute('aria-label', altOf(kind, state));
    if (state.photo !== undefined) {
      card.style.setProperty(
        '--ratio',
        String(state.photo.pixels.width / state.photo.pixels.height),
      );
    }
  });
}

async function save({ state }: Store, painter: Painter): Promise<void> {
  const png = await painter.encode();
  const address = URL.createObjectURL(
    new Blob([png as Uint8Array<ArrayBuffer>], { type: 'image/png' }),
  );
  const name = `${nameOf(state.classifier, state.run!.classIndex)} ${titleOf(state.shown, state)}`;
  create('a', {
    href: address,
    download: `${name.toLowerCase().replace(/[^\p{L}\d]+/gu, '-')}.png`,
  }).click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}
