/** The two tabs of the results; arrows move between them, as WAI-ARIA has it. */
import { find } from './elements.js';

const NAMES = ['viewer', 'compare'] as const;

export function mountTabs(): void {
  const tabs = NAMES.map((name) => find<HTMLButtonElement>(`#tab-${name}`));
  const choose = (chosen: number): void => {
    NAMES.forEach((name, i) => {
      tabs[i]!.setAttribute('aria-selected', String(i === chosen));
      tabs[i]!.tabIndex = i === chosen ? 0 : -1;
      find<HTMLElement>(`#${name}`).hidden = i !== chosen;
    });
  };
  tabs.forEach((tab, i) => {
    tab.addEventListener('click', () => {
      choose(i);
    });
    tab.addEventListener('keydown', ({ key }) => {
      if (key !== 'ArrowRight' && key !== 'ArrowLeft') return;
      const other = (i + 1) % NAMES.length;
      choose(other);
      tabs[other]!.focus();
    });
  });
  choose(0);
}
