/** What the page shows, in one place: views draw it, actions change it. */
import { METHODS, PLAIN } from './library.js';
import type { inputShapeOf, ModelKind } from './modelKind.js';
import type { PresetChoice } from './preset.js';

export const BACKENDS = ['webgpu', 'webgl', 'wasm', 'cpu'] as const;
export type Backend = (typeof BACKENDS)[number];

/** A model as the saliency worker loads it: addresses and names, which cost nothing to send. */
export type ModelSource =
  | { readonly kind: 'centernet'; readonly json: string }
  | (OwnModel & { readonly kind: 'url' })
  /** Files of the user's own: the blob's address of each, by name. */
  | (OwnModel & { readonly kind: 'files'; readonly addresses: Readonly<Record<string, string>> });

interface OwnModel {
  readonly json: string;
  readonly format: ModelKind;
  /** Of its input, if its JSON tells. */
  readonly shape: ReturnType<typeof inputShapeOf>;
  /** How it takes images. */
  readonly preset: PresetChoice;
}

export interface Classifier {
  readonly name: string;
  readonly source: ModelSource;
  /** One per class, if they are known. */
  readonly labels: readonly string[] | undefined;
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

/** Of one class the maps of all methods, and the one that is averaged. */
export const ONE_CLASS: readonly MapKind[] = [
  PLAIN,
  'smooth',
  ...METHODS.map(({ name }) => name).filter((name) => name !== PLAIN),
];

/** Of two classes their averaged maps: 'smooth' of the one, 'against' of the other. */
export const TWO_CLASSES: readonly MapKind[] = ['smooth', 'against', 'difference'];

export const COLORMAPS = ['inferno', 'viridis', 'magma', 'gray'] as const;
export const VIEWS = ['heat', 'blend', 'mask', 'contour'] as const;

/** How a map is drawn: changing it needs no other run. */
export interface Look {
  readonly colormap: (typeof COLORMAPS)[number];
  readonly view: (typeof VIEWS)[number];
  /** As a fraction of the map's shorter side; 0 for none. */
  readonly blur: number;
}

export interface Settings {
  /** The method whose maps are averaged over noise. */
  readonly method: string;
  readonly samples: number;
  readonly noise: number;
  readonly seed: number;
}

/** Where an error is shown: beside what it came of. */
export type Place = 'photo' | 'model' | 'run';

/** What a run did, and how far it is. */
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
  readonly settings: Settings;
  readonly look: Look;
  /** Undefined until the browser has said what it has. */
  readonly backend: Backend | undefined;
  readonly backends: readonly Backend[];
  readonly busy: 'loading' | 'running' | undefined;
  readonly run: Run | undefined;
  /** The maps that there are by now. */
  readonly maps: readonly MapKind[];
  /** The one over the photo. */
  readonly shown: MapKind;
  /** Whether the averaged map takes the place of the plain one as soon as it is there. */
  readonly isFollowing: boolean;
  /** Maps that could not be computed, and why. */
  readonly failed: Readonly<Record<MapKind, string>>;
  /** Where each map is brightest, in words. */
  readonly brightest: Readonly<Record<MapKind, string>>;
  readonly errors: Readonly<Partial<Record<Place, string>>>;
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
export function kindsOf({ against }: Pick<State, 'against'>): readonly MapKind[] {
  return against === undefined ? ONE_CLASS : TWO_CLASSES;
}
