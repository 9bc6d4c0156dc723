/**
 * What a user can do: each changes the state, and starts or stops the work that follows from it.
 */
import { forgetFiles } from './modelFiles.js';
import type { Painter } from './painter.js';
import type { Backend, Classifier, Look, MapKind, Place, Settings, State, Store } from './state.js';
import { createWork, STOPPED } from './work.js';

export interface Actions {
  openPhoto(blob: Blob, name: string, description: string): Promise<void>;
  useModel(classifier: Classifier): Promise<void>;
  useBackend(backend: Backend): Promise<void>;
  choose(classIndex: number): Promise<void>;
  compareWith(against: number | undefined): Promise<void>;
  set(settings: Partial<Settings>): Promise<void>;
  setLook(look: Partial<Look>): void;
  explain(): Promise<void>;
  cancel(): void;
  show(kind: MapKind): void;
  /** Does something of the user's, and shows what is wrong with it in one line at its place. */
  attempt(place: Place, work: () => Promise<void>): Promise<boolean>;
}

const NOTHING_CHOSEN: Partial<State> = {
  scores: undefined,
  classIndex: undefined,
  against: undefined,
};

export function createActions(store: Store, painter: Painter): Actions {
  const work = createWork(store, painter);

  function tell(place: Place, error: string): void {
    store.update({ errors: { ...store.state.errors, [place]: error } });
  }

  /** @returns whether it was done, to its end */
  async function attempt(place: Place, deed: () => Promise<void>): Promise<boolean> {
    tell(place, '');
    try {
      await deed();
      return true;
    } catch (error) {
      if (error === STOPPED) return false;
      const message = error instanceof Error ? error.message : String(error);
      tell(place, message.trim().split('\n')[0]!);
      return false;
    }
  }

  async function explain(): Promise<void> {
    await attempt('run', work.explain);
  }

  /** What the model says of the photo, and why it says the likeliest. */
  async function predictAndExplain(): Promise<void> {
    if (!(await attempt('model', work.predict))) return;
    const { scores } = store.state;
    if (scores === undefined) return;
    store.update({ classIndex: scores.indexOf(Math.max(...scores)) });
    await explain();
  }

  return {
    attempt,
    async openPhoto(blob, name, description) {
      work.cancel();
      const isOpen = await attempt('photo', async () => {
        const { pixels, original } = await painter.open(blob, name, store.state.classifier);
        work.dropMaps();
        store.update({ ...NOTHING_CHOSEN, photo: { name, description, blob, original, pixels } });
      });
      if (isOpen) await predictAndExplain();
    },
    async useModel(classifier) {
      const { classifier: before, photo } = store.state;
      work.endSession();
      work.dropMaps(); // before the scores that their captions tell
      store.update({ ...NOTHING_CHOSEN, classifier });
      if (!sharesFiles(before, classifier)) forgetFiles(before.source);
      if (photo === undefined) return;
      const isOpen = await attempt('photo', async () => {
        const { pixels, original } = await painter.open(photo.blob, photo.name, classifier);
        store.update({ photo: { ...photo, pixels, original } });
      });
      if (isOpen) await predictAndExplain();
    },
    async useBackend(backend) {
      work.endSession();
      store.update({ backend });
      if (await attempt('model', work.predict)) await explain();
    },
    choose(classIndex) {
      const { against } = store.state;
      store.update({ classIndex, against: against === classIndex ? undefined : against });
      return explain();
    },
    compareWith(against) {
      store.update({ against });
      return explain();
    },
    set(change) {
      store.update({ settings: { ...store.state.settings, ...change } });
      return explain();
    },
    setLook(change) {
      store.update({ look: { ...store.state.look, ...change } });
      painter.recolour();
    },
    explain,
    cancel: work.cancel,
    show(kind) {
      store.update({ shown: kind, isFollowing: false });
      painter.recolour();
    },
  };
}

/** Another preset for the same files needs them again. */
function sharesFiles({ source: a }: Classifier, { source: b }: Classifier): boolean {
  return a.kind === 'files' && b.kind === 'files' && a.addresses === b.addresses;
}
