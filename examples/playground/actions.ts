/**
 * What a user can do: each changes the state, and starts or stops the work that follows from it.
 */
import { forgetFiles } from './modelFiles.js';
import type { Painter } from './painter.js';
import type { Backend, Classifier, MapKind, Settings, State, Store } from './state.js';
import { createWork, STOPPED } from './work.js';

export interface Actions {
  openPhoto(blob: Blob, name: string, description: string): Promise<void>;
  useModel(classifier: Classifier): Promise<void>;
  useBackend(backend: Backend): Promise<void>;
  choose(classIndex: number): Promise<void>;
  compareWith(against: number | undefined): Promise<void>;
  set(settings: Partial<Settings>): Promise<void>;
  explain(): Promise<void>;
  cancel(): void;
  show(kind: MapKind): void;
  /** Does something of the user's, and shows what is wrong with it in one line. */
  attempt(work: () => Promise<void>): Promise<void>;
}

const NOTHING_CHOSEN: Partial<State> = {
  scores: undefined,
  classIndex: undefined,
  against: undefined,
};

export function createActions(store: Store, painter: Painter): Actions {
  const work = createWork(store, painter);

  async function attempt(deed: () => Promise<void>): Promise<void> {
    try {
      await deed();
    } catch (error) {
      if (error === STOPPED) return;
      const message = error instanceof Error ? error.message : String(error);
      store.update({ error: message.trim().split('\n')[0]! });
    }
  }

  return {
    attempt,
    openPhoto: (blob, name, description) =>
      attempt(async () => {
        const { pixels, original } = await painter.open(
          blob,
          store.state.classifier.source.preset,
          name,
        );
        store.update({ ...NOTHING_CHOSEN, photo: { name, description, blob, original, pixels } });
        work.dropMaps();
        await work.predict();
      }),
    useModel: (classifier) =>
      attempt(async () => {
        const { classifier: before, photo } = store.state;
        store.update({ ...NOTHING_CHOSEN, classifier });
        work.dropMaps();
        forgetFiles(before.source);
        work.endSession();
        if (photo === undefined) return;
        const { pixels, original } = await painter.open(
          photo.blob,
          classifier.source.preset,
          photo.name,
        );
        store.update({ photo: { ...photo, pixels, original } });
        await work.predict();
      }),
    useBackend: (backend) =>
      attempt(async () => {
        work.endSession();
        store.update({ backend });
        await work.predict();
        await work.explain();
      }),
    choose: (classIndex) =>
      attempt(() => {
        const { against } = store.state;
        store.update({ classIndex, against: against === classIndex ? undefined : against });
        return work.explain();
      }),
    compareWith: (against) =>
      attempt(() => {
        store.update({ against });
        return work.explain();
      }),
    set: (change) =>
      attempt(() => {
        const { settings } = store.state;
        store.update({ settings: { ...settings, ...change } });
        if (Object.keys(change).every((name) => name === 'colormap')) {
          painter.recolour();
          return Promise.resolve();
        }
        return work.explain();
      }),
    explain: () => attempt(work.explain),
    cancel: work.cancel,
    show(kind) {
      store.update({ shown: kind });
      painter.recolour();
    },
  };
}
