/** The maps side by side with what tests say of them. */
import type { Actions } from '../actions.js';
import { isMethod, measurable } from '../comparison.js';
import { ALL_KINDS } from '../state.js';
import type { Curves, MapKind, RandomizedStep, State, Store } from '../state.js';
import { titleOf } from '../words.js';
import { chartOf } from './chart.js';
import { create, find, setText, whenChanged } from './elements.js';

export function mountCompare(
  store: Store,
  actions: Actions,
  maps: ReadonlyMap<MapKind, HTMLCanvasElement>,
): void {
  mountButton(store, '#measure', 'measuring', actions, {
    start: actions.measure,
    isPossible: (state) => measurable(state).length > 0,
    text: () => 'Measure the maps',
  });
  mountButton(store, '#randomize', 'randomizing', actions, {
    start: () => actions.randomize(store.state.shown),
    isPossible: (state) => measurable(state).includes(state.shown) && isMethod(state.shown),
    text: (state) => `Randomise the model: ${titleOf(state.shown, state)}`,
  });
  for (const kind of ALL_KINDS) mountRow(store, kind, maps.get(kind)!);
  mountStrip(store);
}

interface Button {
  readonly start: () => Promise<void>;
  readonly isPossible: (state: State) => boolean;
  readonly text: (state: State) => string;
}

/** A button that starts long work, and cancels it while it lasts. */
function mountButton(
  store: Store,
  place: string,
  busy: State['busy'],
  actions: Actions,
  { start, isPossible, text }: Button,
): void {
  const button = find<HTMLButtonElement>(place);
  button.addEventListener('click', () => {
    if (store.state.busy === busy) actions.cancel();
    else if (button.ariaDisabled !== 'true') void start();
  });
  store.watch((state) => {
    const isRunning = state.busy === busy;
    setText(button, isRunning ? 'Cancel' : text(state));
    // aria-disabled, not disabled: a disabled button would lose the focus.
    button.ariaDisabled = String(!isRunning && !isPossible(state));
  });
}

function mountRow(store: Store, kind: MapKind, map: HTMLCanvasElement): void {
  const [picture, title, chart] = [create('canvas'), create('strong'), create('div')];
  const row = create('figure', { class: 'compared' }, picture, create('div', {}, title, chart));
  find('#curves').append(row);
  const draw = whenChanged((curves: Curves | undefined) => {
    if (curves === undefined) return;
    copy(map, picture);
    chart.replaceChildren(chartOf(curves));
  });
  store.watch((state) => {
    row.hidden = state.curves[kind] === undefined;
    setText(title, titleOf(kind, state));
    draw(state.curves[kind]);
  });
}

function mountStrip(store: Store): void {
  const strip = find('#strip');
  const draw = whenChanged((steps: readonly RandomizedStep[]) => {
    strip.replaceChildren(
      ...steps.map(({ name, similarity, bitmap }) => {
        const canvas = create('canvas', { role: 'img', 'aria-label': `Map with ${name} random` });
        copy(bitmap, canvas);
        const text = create('small', { title: name }, shortened(name));
        return create('li', {}, canvas, text, create('small', {}, similarity.toFixed(2)));
      }),
    );
  });
  const none: readonly RandomizedStep[] = [];
  store.watch((state) => {
    const { randomized } = state;
    const title = randomized === undefined ? '' : `${titleOf(randomized.kind, state)}, randomised`;
    setText(find('#strip-title'), title);
    find<HTMLElement>('#strip-note').hidden = randomized === undefined;
    draw(randomized?.steps ?? none);
  });
}

/** The end of a layer's path. */
const shortened = (name: string): string => name.split('/').slice(-2).join('/');

function copy(from: HTMLCanvasElement | ImageBitmap, to: HTMLCanvasElement): void {
  to.width = from.width;
  to.height = from.height;
  to.getContext('2d')!.drawImage(from, 0, 0);
}
