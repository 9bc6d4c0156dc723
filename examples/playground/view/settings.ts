/** What is averaged, how it is drawn, and the backend. */
import type { Actions } from '../actions.js';
import { AVERAGED, titleOfMethod } from '../library.js';
import { COLORMAPS, RANGES, VIEWS } from '../state.js';
import type { Backend, Look, Settings, State, Store } from '../state.js';
import { create, find, setText, whenChanged } from './elements.js';

const NAMES: Readonly<Record<Backend, string>> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'JavaScript (slow)',
};

export function mountSettings(store: Store, actions: Actions): void {
  const settings = ({ settings }: State): Settings => settings;
  const look = ({ look }: State): Look => look;
  mountSlider(store, 'samples', settings, String, (samples) => actions.set({ samples }));
  mountSlider(store, 'noise', settings, percent, (noise) => actions.set({ noise }));
  for (const name of ['opacity', 'blur'] as const) {
    mountSlider(store, name, look, percent, (value) => {
      actions.setLook({ [name]: value });
    });
  }
  const methods = AVERAGED.map(({ name }): Choice => [name, titleOfMethod(name)]);
  mountChoice(store, 'method', settings, methods, (method) => actions.set({ method }));
  mountChoice(store, 'view', look, VIEWS.map(named), (view) => {
    actions.setLook({ view: view as Look['view'] });
  });
  mountChoice(store, 'colormap', look, COLORMAPS.map(named), (colormap) => {
    actions.setLook({ colormap: colormap as Look['colormap'] });
  });

  const backend = find<HTMLSelectElement>('#backend');
  backend.addEventListener('change', () => void actions.useBackend(backend.value as Backend));
  const fill = whenChanged((backends: readonly Backend[]) => {
    backend.replaceChildren(
      ...backends.map((name) => create('option', { value: name }, NAMES[name])),
    );
    backend.disabled = backends.length === 0;
  });
  store.watch((state) => {
    fill(state.backends);
    if (state.backend !== undefined) backend.value = state.backend;
  });
}

type Choice = readonly [value: string, text: string];

const named = (name: string): Choice => [name, name];

/** A select of the name of what it chooses. */
function mountChoice<Name extends string>(
  store: Store,
  name: Name,
  of: (state: State) => Readonly<Record<Name, string>>,
  choices: readonly Choice[],
  set: (value: string) => unknown,
): void {
  const select = find<HTMLSelectElement>(`#${name}`);
  select.append(...choices.map(([value, text]) => create('option', { value }, text)));
  select.addEventListener('change', () => set(select.value));
  store.watch((state) => {
    select.value = of(state)[name];
  });
}

/** Moving it shows the number; letting it go sets it. */
function mountSlider<Name extends keyof typeof RANGES>(
  store: Store,
  name: Name,
  of: (state: State) => Readonly<Record<Name, number>>,
  textOf: (value: number) => string,
  set: (value: number) => unknown,
): void {
  const slider = find<HTMLInputElement>(`#${name}`);
  const output = find(`output[for=${name}]`);
  for (const [key, value] of Object.entries(RANGES[name])) slider.setAttribute(key, String(value));
  slider.addEventListener('input', () => {
    setText(output, textOf(Number(slider.value)));
  });
  slider.addEventListener('change', () => set(Number(slider.value)));
  const show = whenChanged((value: number) => {
    slider.value = String(value);
    setText(output, textOf(value));
  });
  store.watch((state) => {
    show(of(state)[name]);
  });
}

function percent(fraction: number): string {
  return `${Number((100 * fraction).toFixed(1))} %`;
}
