/**
 * What a user can do: each changes the state, and starts or stops the work that follows from it.
 */
import { forgetFiles } from './modelFiles.js';
import { createComparison } from './comparison.js';
import type { Painter } from './painter.js';
import { createRunner, STOPPED } from './runner.js';
import { kindsOf, nextKind, TWO_CLASSES } from './state.js';
import type { Backend, Classifier, Look, MapKind, Place, Settings, State, Store } from './state.js';
import { firstLine } from './words.js';
import { createWork } from './work.js';

export interface Actions {
  openPhoto(blob: Blob, name: string, description: string): Promise<void>;
  useModel(classifier: Classifier): Promise<void>;
  useBackend(backend: Backend): Promise<void>;
  choose(classIndex: number): Promise<void>;
  compareWith(against: number | undefined): Promise<void>;
  /** Adds a map of one class to those that are wanted, or takes it away. */
  toggle(kind: MapKind): Promise<void>;
  set(settings: Partial<Settings>): Promise<void>;
  setLook(look: Partial<Look>): void;
  /** Computes the maps that there are not yet; all again if there are all. */
  explain(): Promise<void>;
  cancel(): void;
  /** Measures how the score follows the maps that there are. */
  measure(): Promise<void>;
  /** Tests whether a method's map depends on what the model has learned. */
  randomize(kind: MapKind): Promise<void>;
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
  const runner = createRunner(store);
  const work = createWork(store, painter, runner);
  const comparison = createComparison(store, painter, runner);

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
      if (error !== STOPPED) tell(place, firstLine(error));
      return false;
    }
  }

  async function explain(): Promise<void> {
    await attempt('run', work.explain);
  }

  /** What the model says of the photo, and why it says the likeliest, or what a link names. */
  async function predictAndExplain(): Promise<void> {
    if (!(await attempt('model', work.predict))) return;
    const { scores, linked } = store.state;
    if (scores === undefined) return;
    const isClass = (index: number | undefined): boolean =>
      index !== undefined && index < scores.length;
    const likeliest = scores.indexOf(Math.max(...scores));
    const classIndex = isClass(linked.classIndex) ? linked.classIndex! : likeliest;
    const against =
      linked.against !== classIndex && isClass(linked.against) ? linked.against : undefined;
    store.update({ linked: {}, classIndex, against });
    keepShown();
    await explain();
  }

  /** What lies over the photo is one of the maps that are wanted. */
  function keepShown(): void {
    const kinds = kindsOf(store.state);
    const { shown } = store.state;
    if (!kinds.includes(shown) && kinds.length > 0) show(kinds[0]!);
  }

  function show(kind: MapKind): void {
    store.update({ shown: kind });
    painter.recolour();
  }

  return {
    attempt,
    async openPhoto(blob, name, description) {
      runner.cancel();
      const isOpen = await attempt('photo', async () => {
        const { pixels, original } = await painter.open(blob, name, store.state.classifier);
        work.dropMaps();
        store.update({ ...NOTHING_CHOSEN, photo: { name, description, blob, original, pixels } });
      });
      if (isOpen) await predictAndExplain();
    },
    async useModel(classifier) {
      const { classifier: before, photo } = store.state;
      runner.cancel();
      runner.release(before.source);
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
      runner.endSession();
      work.dropMaps();
      store.update({ backend });
      if (await attempt('model', work.predict)) await explain();
    },
    choose(classIndex) {
      const { against } = store.state;
      work.dropMaps();
      store.update({ classIndex, against: against === classIndex ? undefined : against });
      keepShown();
      return explain();
    },
    compareWith(against) {
      work.dropMaps();
      store.update({ against });
      keepShown();
      return explain();
    },
    async toggle(kind) {
      const { chosen, busy } = store.state;
      if (chosen.includes(kind)) {
        store.update({ chosen: chosen.filter((other) => other !== kind) });
        work.dropMaps([kind]);
        keepShown();
      } else {
        store.update({ chosen: [...chosen, kind] });
        keepShown();
        if (busy !== 'loading' && busy !== 'running') await explain(); // else its turn comes
      }
    },
    set(change) {
      store.update({ settings: { ...store.state.settings, ...change } });
      work.dropMaps(TWO_CLASSES);
      return explain();
    },
    setLook(change) {
      store.update({ look: { ...store.state.look, ...change } });
      painter.recolour();
    },
    explain() {
      if (nextKind(store.state) === undefined) work.dropMaps();
      return explain();
    },
    cancel: runner.cancel,
    async measure() {
      await attempt('compare', comparison.measure);
    },
    async randomize(kind) {
      await attempt('compare', () => comparison.randomize(kind));
    },
    show,
  };
}

/** Another preset for the same files needs them again. */
function sharesFiles({ source: a }: Classifier, { source: b }: Classifier): boolean {
  return a.kind === 'files' && b.kind === 'files' && a.addresses === b.addresses;
}
