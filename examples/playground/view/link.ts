/** The page's address, which says what is on screen, and can be copied. */
import type { Actions } from '../actions.js';
import { linkOf } from '../link.js';
import type { Store } from '../state.js';
import { find } from './elements.js';
import { copyText } from './copy.js';

export function mountLink(store: Store, actions: Actions): void {
  let written = location.hash;
  store.watch((state) => {
    const hash = `#${linkOf(state)}`;
    if (hash === written) return;
    written = hash;
    history.replaceState(null, '', hash);
  });
  // Another link in the place of this one: replaceState does not come here.
  addEventListener('hashchange', () => {
    location.reload();
  });
  const button = find<HTMLButtonElement>('#link');
  button.addEventListener(
    'click',
    () => void actions.attempt('copy', () => copyText(location.href, button)),
  );
}
