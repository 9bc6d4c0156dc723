/** What went wrong, in one line beside what it came of. */
import type { Place, Store } from '../state.js';
import { find, setText } from './elements.js';

const PLACES: readonly Place[] = ['photo', 'camera', 'model', 'own', 'run', 'copy', 'compare'];

export function mountErrors(store: Store): void {
  store.watch(({ errors }) => {
    for (const place of PLACES) setText(find(`#${place}-error`), errors[place] ?? '');
  });
}
