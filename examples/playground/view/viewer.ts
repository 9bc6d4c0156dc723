/** The photo with the map over it, and how far the run is. */
import type { Actions } from '../actions.js';
import type { Store } from '../state.js';
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
  store.watch(({ busy, run, classIndex, classifier }) => {
    setText(button, busy === 'running' ? 'Cancel' : 'Explain');
    // aria-disabled, not disabled: a disabled button would lose the focus.
    button.setAttribute('aria-disabled', String(busy === 'loading' || classIndex === undefined));
    progress.value = run === undefined ? 0 : run.done / run.total;
    setText(find('#count'), countText(busy, run));
    setText(
      find('#reliability'),
      run === undefined || run.done < 2 ? '–' : run.reliability.toFixed(2),
    );
    setText(
      find('#speed'),
      run === undefined || run.done === 0 ? '–' : run.samplesPerSecond.toFixed(1),
    );
    const name = run === undefined ? '' : nameOf(classifier, run.classIndex);
    setText(find('#status'), announcement(busy, name, run));
  });
}

type Progress = Store['state']['run'];

function countText(busy: string | undefined, run: Progress): string {
  if (busy === 'loading') return 'Loading the model …';
  if (run === undefined) return 'No samples yet';
  const count = `${run.done} of ${run.total} samples`;
  return busy === undefined && run.done < run.total ? `${count}, stopped` : count;
}

/** Only the beginning and the end of a run: numbers that change all the time are not read out. */
function announcement(busy: string | undefined, name: string, run: Progress): string {
  if (busy === 'loading') return 'Loading the model';
  if (run === undefined) return '';
  if (busy === 'running') return `Explaining ${name}`;
  return `${name}: ${countText(busy, run)}, reliability ${run.reliability.toFixed(2)}`;
}
