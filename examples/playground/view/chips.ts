/** The maps that one can have, all derived from the library's list of methods. */
import type { Actions } from '../actions.js';
import { QUICK_KINDS, SLOW_KINDS, USUAL_KINDS } from '../state.js';
import type { MapKind, Store } from '../state.js';
import { kindTitle } from '../words.js';
import { create, find, setText } from './elements.js';

export function mountChips(store: Store, actions: Actions): void {
  const unusual = (kind: MapKind): boolean => !USUAL_KINDS.includes(kind);
  fill('#usual', USUAL_KINDS, store, actions);
  fill('#quick', QUICK_KINDS.filter(unusual), store, actions);
  fill('#slow', SLOW_KINDS.filter(unusual), store, actions);
  const group = find<HTMLFieldSetElement>('#methods');
  store.watch(({ against }) => {
    group.disabled = against !== undefined;
  });
}

function fill(place: string, kinds: readonly MapKind[], store: Store, actions: Actions): void {
  for (const kind of kinds) {
    const box = create('input', { type: 'checkbox', name: 'method', value: kind });
    const title = create('span');
    box.addEventListener('change', () => void actions.toggle(kind));
    find(place).append(create('label', { class: 'chip' }, box, title));
    store.watch((state) => {
      box.checked = state.chosen.includes(kind);
      setText(title, kindTitle(kind, state.settings));
    });
  }
}
