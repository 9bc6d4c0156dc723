/** What the page shows, in one place: views draw it, actions change it. */

import type { ModelKind } from '../shared/modelKind.js';

export const BACKENDS = ['webgpu', 'webgl', 'wasm', 'cpu'] as const;
export type Backend = (typeof BACKENDS)[number];

/** A model as the saliency worker loads it: addresses and names, which cost nothing to send. */
export type ModelSource =
  | { readonly kind: 'centernet'; readonly json: string; readonly preset: 'centernet' }
  | (OwnModel & { readonly kind: 'url' })
  /** Files of the user's own: the blob's address of each, by name. */
  | (OwnModel & { readonly kind: 'files'; readonly addresses: Readonly<Record<string, string>> });

interface OwnModel {
  readonly json: string;
  readonly format: ModelKind;
  /** How it takes images: a preset's name. */
  readonly preset: string;
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

/**
 * Beside one class the methods, beside two their maps by SmoothGrad: 'smooth' of the class,
 * 'against' of the other.
 */
export const ONE_CLASS = ['vanilla', 'integrated', 'smooth'] as const;
export const TWO_CLASSES = ['smooth', 'against', 'difference'] as const;
export type MapKind = (typeof ONE_CLASS)[number] | (typeof TWO_CLASSES)[number];

export const COLORMAPS = ['inferno', 'viridis', 'magma', 'gray'] as const;
export type MapColours = (typeof COLORMAPS)[number];

export interface Settings {
  readonly samples: number;
  readonly noise: number;
  readonly seed: number;
  readonly colormap: MapColours;
}

/** What a run did, and how far it is. */
export interface Run {
  readonly classIndex: number;
  readonly against: number | undefined;
  readonly settings: Settings;
  /** Of how many samples the SmoothGrad map is that is drawn; progress is reported more often. */
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
  /** Undefined until the browser has said what it has. */
  readonly backend: Backend | undefined;
  readonly backends: readonly Backend[];
  readonly busy: 'loading' | 'running' | undefined;
  readonly run: Run | undefined;
  /** The maps that there are by now. */
  readonly maps: readonly MapKind[];
  /** The one over the photo. */
  readonly shown: MapKind;
  /** Where each map is brightest, in words. */
  readonly brightest: Readonly<Partial<Record<MapKind, string>>>;
  readonly error: string;
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
