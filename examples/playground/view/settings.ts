/** Samples, noise, colours and backend. */
import type { Actions } from '../actions.js';
import type { Backend, MapColours, Store } from '../state.js';
import { create, find, setText, whenChanged } from './elements.js';

const NAMES: Readonly<Record<Backend, string>> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'JavaScript (slow)',
};

export function mountSettings(store: Store, actions: Actions): void {
  mountSlider(store, 'samples', String, (samples) => actions.set({ samples }));
  mountSlider(store, 'noise', percent, (noise) => actions.set({ noise }));

  const colormap = find<HTMLSelectElement>('#colormap');
  colormap.addEventListener(
    'change',
    () => void actions.set({ colormap: colormap.value as MapColours }),
  );
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
    colormap.value = state.settings.colormap;
  });
}

/** Moving it shows the number; letting it go explains again. */
function mountSlider(
  store: Store,
  name: 'samples' | 'noise',
  textOf: (value: number) => string,
  set: (value: number) => Promise<void>,
): void {
  const slider = find<HTMLInputElement>(`#${name}`);
  const output = find(`output[for=${name}]`);
  slider.addEventListener('input', () => {
    setText(output, textOf(Number(slider.value)));
  });
  slider.addEventListener('change', () => void set(Number(slider.value)));
  const show = whenChanged((value: number) => {
    slider.value = String(value);
    setText(output, textOf(value));
  });
  store.watch(({ settings }) => {
    show(settings[name]);
  });
}

function percent(fraction: number): string {
  return `${Math.round(100 * fraction)} %`;
}
