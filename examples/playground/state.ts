/** What the page shows, in one place: views draw it, actions change it. */
import { FIRST, isSlow, METHODS, PLAIN } from './library.js';
import type { inputShapeOf, ModelKind } from './modelKind.js';
import type { PresetChoice } from './preset.js';
import type { CurveResult } from 'tfjs-saliency';

export const BACKENDS = ['webgpu', 'webgl', 'wasm', 'cpu'] as const;
export type Backend = (typeof BACKENDS)[number];

/** A model as the saliency worker loads it: addresses and names, which cost nothing to send. */
export type ModelSource = ModelInput &
  (
    | { readonly kind: 'url' }
    /** Files of the user's own: the blob's address of each, by name. */
    | { readonly kind: 'files'; readonly addresses: Readonly<Record<string, string>> }
  );

interface ModelInput {
  readonly json: string;
  readonly format: ModelKind;
  /** Of its input, if its JSON tells. */
  readonly shape: ReturnType<typeof inputShapeOf>;
  /** How it takes images. */
  readonly preset: PresetChoice;
}

export interface Classifier {
  /** Of a model that comes with the page. */
  readonly id: string | undefined;
  readonly name: string;
  readonly note: string;
  readonly source: ModelSource;
  /** One per class, if they are known. */
  readonly labels: readonly string[] | undefined;
  /** What class activation maps look at, where the library's choice is no good. */
  readonly layer: string | undefined;
}

export interface Photo {
  readonly name: string;
  readonly description: string;
  readonly blob: Blob;
  /** As it was before it was made smaller. */
  readonly original: Size;
  readonly pixels: Pixels;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Pixels extends Size {
  /** RGBA */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** A method's name, or that of a map beside the methods'. */
export type MapKind = string;

const quick = METHODS.filter((method) => !isSlow(method)).map(({ name }) => name);
const slow = METHODS.filter(isSlow).map(({ name }) => name);

/** The maps that one can have of one class, in the order in which they are computed. */
export const QUICK_KINDS: readonly MapKind[] = [...quick, 'smooth'];
export const SLOW_KINDS: readonly MapKind[] = slow;
export const ONE_CLASS: readonly MapKind[] = [...QUICK_KINDS, ...SLOW_KINDS];

/** Of two classes their averaged maps: 'smooth' of the one, 'against' of the other. */
export const TWO_CLASSES: readonly MapKind[] = ['smooth', 'against', 'difference'];

/** The maps that one has unless one chooses: none takes long. */
export const USUAL_KINDS: readonly MapKind[] = [FIRST, PLAIN, 'smooth'];

export const ALL_KINDS: readonly MapKind[] = [...new Set([...ONE_CLASS, ...TWO_CLASSES])];

export const COLORMAPS = ['inferno', 'viridis', 'magma', 'gray'] as const;
export const VIEWS = ['heat', 'blend', 'mask', 'contour'] as const;

/** How a map is drawn: changing it needs no other run. */
export interface Look {
  readonly colormap: (typeof COLORMAPS)[number];
  readonly view: (typeof VIEWS)[number];
  /** As a fraction of the map's shorter side; 0 for none. */
  readonly blur: number;
  /** Weight of the map over the photo, 0..1. */
  readonly opacity: number;
}

/** What the sliders can be set to. */
export const RANGES = {
  samples: { min: 1, max: 200, step: 1 },
  noise: { min: 0.02, max: 0.4, step: 0.01 },
  blur: { min: 0, max: 0.06, step: 0.005 },
  opacity: { min: 0, max: 1, step: 0.05 },
} as const;

export interface Settings {
  /** The method whose maps are averaged over noise. */
  readonly method: string;
  readonly samples: number;
  readonly noise: number;
  readonly seed: number;
}

/** Where an error is shown: beside what it came of. */
export type Place = 'photo' | 'camera' | 'model' | 'own' | 'run' | 'copy' | 'compare';

/** What a run does, and how far the averaged map is. */
export interface Run {
  readonly classIndex: number;
  readonly against: number | undefined;
  readonly settings: Settings;
  /** Of how many samples the averaged map is that is drawn; progress is reported more often. */
  readonly mapSamples: number;
  readonly done: number;
  readonly total: number;
  readonly reliability: number;
  readonly samplesPerSecond: number;
}

export interface State {
  readonly photo: Photo | undefined;
  readonly classifier: Classifier;
  readonly scores: Float32Array | undefined;
  readonly classIndex: number | undefined;
  /** The class that it is compared with. */
  readonly against: number | undefined;
  /** The classes that the page's address asks for, until there are scores. */
  readonly linked: Pick<Partial<State>, 'classIndex' | 'against'>;
  /** The maps that are wanted of one class. */
  readonly chosen: readonly MapKind[];
  readonly settings: Settings;
  readonly look: Look;
  /** Undefined until the browser has said what it has. */
  readonly backend: Backend | undefined;
  readonly backends: readonly Backend[];
  readonly busy: 'loading' | 'running' | 'measuring' | 'randomizing' | undefined;
  readonly run: Run | undefined;
  /** The maps that there are by now. */
  readonly maps: readonly MapKind[];
  /** The one over the photo. */
  readonly shown: MapKind;
  /** The maps whose computation has come to its end. */
  readonly finished: readonly MapKind[];
  /** Maps that could not be computed, and why. */
  readonly failed: Readonly<Record<MapKind, string>>;
  /** Where each map is brightest, in words. */
  readonly brightest: Readonly<Record<MapKind, string>>;
  readonly errors: Readonly<Partial<Record<Place, string>>>;
  /** How maps stood the tests of deletion and insertion. */
  readonly curves: Readonly<Record<MapKind, Curves>>;
  /** The maps of a method while layer after layer of the model becomes random. */
  readonly randomized: Randomized | undefined;
}

/** The results of two metrics. */
export interface Curves {
  readonly deletion: CurveResult;
  readonly insertion: CurveResult;
}

export interface Randomized {
  readonly kind: MapKind;
  readonly steps: readonly RandomizedStep[];
}

export interface RandomizedStep {
  /** The layer that became random. */
  readonly name: string;
  /** Of the map with that of the model as it is. */
  readonly similarity: number;
  readonly bitmap: ImageBitmap;
}

export interface Store {
  readonly state: State;
  update(change: Partial<State>): void;
  /** Calls it now and after every change. */
  watch(listener: (state: State) => void): void;
}

export function createStore(initial: State): Store {
  const listeners: ((state: State) => void)[] = [];
  let state = initial;
  return {
    get state() {
      return state;
    },
    update(change) {
      state = { ...state, ...change };
      for (const listener of listeners) listener(state);
    },
    watch(listener) {
      listeners.push(listener);
      listener(state);
    },
  };
}

/** The kinds of maps beside the photo, in their order. */
export function kindsOf({
  against,
  chosen,
}: Pick<State, 'against' | 'chosen'>): readonly MapKind[] {
  return against === undefined ? ONE_CLASS.filter((kind) => chosen.includes(kind)) : TWO_CLASSES;
}

/** The map that has yet to be computed next, undefined if none is left. */
export function nextKind(state: State): MapKind | undefined {
  const { against, finished, failed } = state;
  const kinds = against === undefined ? kindsOf(state) : ['smooth'];
  return kinds.find((kind) => !finished.includes(kind) && failed[kind] === undefined);
}

/** How much of the wanted maps there is, 0..1. */
export function fractionOf(state: State): number {
  const kinds = state.against === undefined ? kindsOf(state) : ['smooth'];
  if (state.run === undefined || kinds.length === 0) return 0;
  const { done, total } = state.run;
  const parts = kinds.map((kind): number => {
    if (state.finished.includes(kind) || state.failed[kind] !== undefined) return 1;
    return kind === 'smooth' ? done / total : 0;
  });
  return parts.reduce((sum, part) => sum + part, 0) / kinds.length;
}
