/** The photo with the map over it, and how far the run is. */
import type { Actions } from '../actions.js';
import { fractionOf, kindsOf, nextKind } from '../state.js';
import type { State, Store } from '../state.js';
import { altOf, captionOf, nameOf } from '../words.js';
import { find, setText } from './elements.js';

export function mountViewer(store: Store, actions: Actions): void {
  const stage = find<HTMLElement>('.stage');
  const photo = find('#photo');
  const overlay = find<HTMLElement>('#overlay');
  const wipe = find<HTMLInputElement>('#wipe');
  const hint = find<HTMLElement>('#hint');

  const placeOverlay = (): void => {
    stage.style.setProperty('--wipe', `${wipe.value}%`);
  };
  wipe.addEventListener('input', placeOverlay);
  placeOverlay();
  store.watch((state) => {
    const hasMap = state.maps.includes(state.shown);
    if (state.photo !== undefined) {
      const { width, height } = state.photo.pixels;
      stage.style.setProperty('--ratio', String(width / height));
      photo.setAttribute('aria-label', state.photo.description);
    }
    overlay.hidden = !hasMap;
    wipe.hidden = !hasMap;
    overlay.setAttribute('aria-label', altOf(state.shown, state));
    hint.hidden = state.scores === undefined || state.run !== undefined;
    setText(find('#caption'), captionOf(state));
  });
  mountRun(store, actions);
  bringIntoView(store, stage);
}

/** On a phone, the classes are below what one wants to watch. */
function bringIntoView(store: Store, stage: HTMLElement): void {
  let before = store.state.classIndex;
  store.watch(({ classIndex }) => {
    if (classIndex === before) return;
    before = classIndex;
    const { matches: isCalm } = matchMedia('(prefers-reduced-motion: reduce)');
    if (classIndex !== undefined)
      stage.scrollIntoView({ block: 'nearest', behavior: isCalm ? 'instant' : 'smooth' });
  });
}

function mountRun(store: Store, actions: Actions): void {
  const button = find<HTMLButtonElement>('#run');
  const progress = find<HTMLProgressElement>('#progress');
  button.addEventListener('click', () => {
    if (store.state.busy === 'running') actions.cancel();
    else void actions.explain();
  });
  store.watch((state) => {
    const { busy, run, classIndex, classifier } = state;
    setText(button, busy === 'running' ? 'Cancel' : 'Explain');
    // aria-disabled, not disabled: a disabled button would lose the focus.
    button.setAttribute('aria-disabled', String(busy === 'loading' || classIndex === undefined));
    progress.value = fractionOf(state);
    setText(find('#count'), countText(state));
    setText(
      find('#reliability'),
      run === undefined || run.done < 2 ? '–' : run.reliability.toFixed(2),
    );
    setText(
      find('#speed'),
      run === undefined || run.done === 0 ? '–' : run.samplesPerSecond.toFixed(1),
    );
    const name = run === undefined ? '' : nameOf(classifier, run.classIndex);
    setText(find('#status'), announcement(name, state));
  });
}

function countText(state: State): string {
  const { busy, run, against, chosen, finished } = state;
  if (busy === 'loading') return 'Loading the model …';
  if (run === undefined) return 'No maps yet';
  const isAveraged = against !== undefined || chosen.includes('smooth');
  const kinds = kindsOf(state);
  const count = isAveraged
    ? `${run.done} of ${run.total} samples`
    : `${kinds.filter((kind) => finished.includes(kind)).length} of ${kinds.length} maps`;
  return busy === undefined && nextKind(state) !== undefined ? `${count}, stopped` : count;
}

/** Only the beginning and the end of a run: numbers that change all the time are not read out. */
function announcement(name: string, state: State): string {
  const { busy, run } = state;
  if (busy === 'loading') return 'Loading the model';
  if (run === undefined) return '';
  if (busy === 'running') return `Explaining ${name}`;
  const reliability = run.done < 2 ? '' : `, reliability ${run.reliability.toFixed(2)}`;
  return `${name}: ${countText(state)}${reliability}`;
}
