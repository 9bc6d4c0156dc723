/** In the worker: the models, by the values that stand for them. */
import type { Preprocessing } from '../../preprocessing/preprocessing.js';
import type { Noise } from '../../smoothing/noise.js';
import type { AnyModel } from '../../model/asyncModel.js';
import type { InputSpec } from '../../model/model.js';
import type { CustomGradients } from '../../gradient/registeredGradient.js';
import type { Score } from '../../score/score.js';
import type { ModelSource } from '../protocol.js';

/** A model with what cannot be sent to a worker; options of a call go before it. */
export interface LoadedModel {
  readonly model: AnyModel;
  /** How the model wants its images. */
  readonly preprocess?: Preprocessing | undefined;
  /** The scalar that is differentiated, such as a function of your own. */
  readonly score?: Score | undefined;
  /** The noise of SmoothGrad, such as a function of your own. */
  readonly noise?: Noise | undefined;
  /** What the model takes, where it does not say so itself. */
  readonly inputSpec?: InputSpec | undefined;
  /** Gradients of your own by kernel name. */
  readonly gradients?: CustomGradients | undefined;
  /** Called when the model is released. Default: `model.dispose()`, if it has one. */
  dispose?(): void;
}

/** Loads the model that a value stands for. */
export type Load<ModelRef> = (
  modelRef: ModelRef,
) => AnyModel | LoadedModel | Promise<AnyModel | LoadedModel>;

interface Entry {
  readonly value: unknown;
  loaded: Promise<LoadedModel> | undefined;
  users: number;
  released: boolean;
}

export class Models {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly load: Load<never>) {}

  /** Loads a model once; it stays until `free` is called. */
  async use({ key, modelRef }: ModelSource): Promise<LoadedModel & { free(): void }> {
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { value: modelRef?.value, loaded: undefined, users: 0, released: false };
      this.entries.set(key, entry);
    }
    const { value } = entry;
    const used = entry;
    const loaded = (used.loaded ??= (async () => asLoaded(await this.load(value as never)))());
    used.users++;
    const free = (): void => {
      used.users--;
      void disposeUnused(used);
    };
    try {
      return { ...(await loaded), free };
    } catch (error) {
      if (used.loaded === loaded) used.loaded = undefined; // the next call may have more luck
      free();
      throw error;
    }
  }

  /** Forgets the model; it is freed as soon as nothing uses it. */
  async release(key: string): Promise<void> {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    entry.released = true;
    await disposeUnused(entry);
  }
}

/** Wraps a bare model; Sequential has a `model` of its own, and `predict`. */
function asLoaded(value: AnyModel | LoadedModel): LoadedModel {
  const isLoaded =
    typeof value === 'object' && value !== null && 'model' in value && !('predict' in value);
  return isLoaded ? value : { model: value as AnyModel };
}

async function disposeUnused({ loaded, users, released }: Entry): Promise<void> {
  if (!released || users > 0 || loaded === undefined) return;
  const { dispose, model } = await loaded;
  if (dispose !== undefined) dispose();
  else (model as { dispose?(): void }).dispose?.();
}
