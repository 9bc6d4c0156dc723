/** The maps that one can have, all derived from the library's list of methods. */
import type { Actions } from '../actions.js';
import { GROUPS, METHODS } from '../library.js';
import type { Group } from '../library.js';
import { SLOW_KINDS, USUAL_KINDS } from '../state.js';
import type { MapKind, Store } from '../state.js';
import { kindTitle } from '../words.js';
import { create, find, setText } from './elements.js';

const TITLES: Readonly<Record<Group, string>> = {
  gradient: 'Gradient',
  where: 'Where',
  relevance: 'Relevance',
  blackBox: 'Black box',
};

export function mountChips(store: Store, actions: Actions): void {
  find('#usual').append(...USUAL_KINDS.map((kind) => chipOf(kind, store, actions)));
  for (const group of GROUPS) {
    const kinds = METHODS.filter((method) => method.group === group).map(({ name }) => name);
    const unusual = kinds.filter((kind) => !USUAL_KINDS.includes(kind));
    const chips = unusual.map((kind) => chipOf(kind, store, actions));
    const title = create('h3', { id: `group-${group}` }, TITLES[group]);
    const attributes = { class: 'chips', role: 'group', 'aria-labelledby': title.id };
    find('#more').append(title, create('div', attributes, ...chips));
  }
  const group = find<HTMLFieldSetElement>('#methods');
  store.watch(({ against }) => {
    group.disabled = against !== undefined;
  });
}

function chipOf(kind: MapKind, store: Store, actions: Actions): HTMLElement {
  const box = create('input', { type: 'checkbox', name: 'method', value: kind });
  const title = create('span');
  box.addEventListener('change', () => void actions.toggle(kind));
  store.watch((state) => {
    box.checked = state.chosen.includes(kind);
    setText(title, kindTitle(kind, state.settings));
  });
  const isSlow = SLOW_KINDS.includes(kind);
  return create('label', { class: 'chip' }, box, title, isSlow ? create('small', {}, 'slow') : '');
}
