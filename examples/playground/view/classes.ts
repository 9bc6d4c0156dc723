/** The classes with the highest scores, all the others in a list, and the one to compare with. */
import type { Actions } from '../actions.js';
import type { Classifier, Store } from '../state.js';
import { nameOf, scoreText } from '../words.js';
import { create, find, whenChanged } from './elements.js';

const TOP = 5;

export function mountClasses(store: Store, actions: Actions): void {
  const list = find('.classes');
  const other = find<HTMLSelectElement>('#other');
  const against = find<HTMLSelectElement>('#against');

  list.addEventListener(
    'change',
    ({ target }) => void actions.choose(Number((target as HTMLInputElement).value)),
  );
  other.addEventListener('change', () => {
    if (other.value !== '') void actions.choose(Number(other.value));
  });
  against.addEventListener('change', () => {
    void actions.compareWith(against.value === '' ? undefined : Number(against.value));
  });

  type Scores = Float32Array | undefined;
  const fill = whenChanged((classifier: Classifier, scores: Scores, isLoading: boolean) => {
    const ranked = [...(scores?.keys() ?? [])].sort((a, b) => scores![b]! - scores![a]!);
    list.replaceChildren(
      ...(scores === undefined
        ? placeholders(isLoading)
        : ranked.slice(0, TOP).map((index) => row(classifier, scores, index))),
    );
    const options = (): HTMLOptionElement[] =>
      ranked.map((index) => create('option', { value: String(index) }, nameOf(classifier, index)));
    other.replaceChildren(create('option', { value: '' }, '–'), ...options().slice(TOP));
    against.replaceChildren(create('option', { value: '' }, 'no other'), ...options());
    other.disabled = scores === undefined;
  });

  store.watch((state) => {
    fill(state.classifier, state.scores, state.busy === 'loading');
    const chosen = String(state.classIndex ?? '');
    for (const radio of list.querySelectorAll('input')) radio.checked = radio.value === chosen;
    // A class of the list above is none of these, so that this shows the dash then.
    other.value = chosen;
    if (other.selectedIndex === -1) other.value = '';
    against.disabled = state.classIndex === undefined;
    against.value = String(state.against ?? '');
    for (const option of against.options)
      option.disabled = option.value !== '' && option.value === chosen;
  });
}

function row(classifier: Classifier, scores: Float32Array, index: number): HTMLElement {
  const score = scores[index]!;
  const greatest = scores.reduce((a, b) => Math.max(a, b), 1e-6);
  const bar = create('span', { class: 'bar' });
  bar.style.setProperty('--share', String(Math.max(0, score / greatest)));
  return create(
    'label',
    { class: 'class' },
    create('input', { type: 'radio', name: 'class', value: String(index) }),
    create('span', { class: 'name' }, nameOf(classifier, index)),
    create('span', { class: 'score' }, scoreText(score)),
    bar,
  );
}

/** As high as what comes, so that nothing jumps; bars only while something comes. */
function placeholders(isLoading: boolean): HTMLElement[] {
  const names = isLoading ? 'class waiting' : 'class none';
  return Array.from({ length: TOP }, () => create('span', { class: names, 'aria-hidden': 'true' }));
}
