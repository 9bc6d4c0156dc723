/** What a user can do: each changes the state, and starts or stops the work that follows from it. */
import type { Painter } from './painter.js';
import { openSession } from './session.js';
import type { Session } from './session.js';
import type { Backend, Classifier, MapKind, Settings, State, Store } from './state.js';
import { forgetFiles } from './modelFiles.js';

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

const NOTHING_CHOSEN: Partial<State> = { scores: undefined, classIndex: undefined, against: undefined };

export function createActions(store: Store, painter: Painter): Actions {
  let session: Session | undefined;
  let running = new AbortController();

  /** Stops what runs, and returns the signal of what takes its place. */
  function begin(busy: State['busy']): AbortSignal {
    running.abort();
    running = new AbortController();
    store.update({ busy, error: '' });
    return running.signal;
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      const message = error instanceof Error ? error.message : String(error);
      store.update({ error: message.trim().split('\n')[0]!, busy: undefined });
    }
  }

  function dropMaps(): void {
    store.update({ maps: [], run: undefined });
    painter.clear();
  }

  async function predict(): Promise<void> {
    const { photo, classifier, backend } = store.state;
    if (photo === undefined || backend === undefined) return;
    const signal = begin('loading');
    session ??= openSession(backend);
    const scores = await session.predict(classifier, photo.pixels);
    if (!signal.aborted) store.update({ scores, busy: undefined });
  }

  async function explain(): Promise<void> {
    const { photo, classifier, classIndex, against, settings, backend } = store.state;
    if (photo === undefined || classIndex === undefined || backend === undefined) return;
    const signal = begin('running');
    dropMaps();
    const run = {
      classIndex,
      against,
      settings,
      done: 0,
      total: settings.samples,
      reliability: 0,
      samplesPerSecond: 0,
    };
    store.update({ run: { ...run, mapSamples: 0 }, shown: 'smooth' });
    session ??= openSession(backend);
    await session.explain({
      classifier,
      pixels: photo.pixels,
      run,
      signal,
      onProgress({ done, total, reliability, samplesPerSecond }) {
        if (signal.aborted) return;
        store.update({ run: { ...store.state.run!, done, total, reliability, samplesPerSecond } });
      },
      onGradient(kind, gradient, samples) {
        if (signal.aborted) return;
        if (kind === 'smooth') store.update({ run: { ...store.state.run!, mapSamples: samples } });
        painter.add(kind, gradient);
      },
    });
    await painter.idle();
    if (!signal.aborted) store.update({ busy: undefined });
  }

  return {
    attempt,
    openPhoto: (blob, name, description) =>
      attempt(async () => {
        const { pixels, original } = await painter.open(blob, store.state.classifier.source.preset, name);
        store.update({ ...NOTHING_CHOSEN, photo: { name, description, blob, original, pixels } });
        dropMaps();
        await predict();
      }),
    useModel: (classifier) =>
      attempt(async () => {
        const { classifier: before, photo } = store.state;
        store.update({ ...NOTHING_CHOSEN, classifier });
        dropMaps();
        forgetFiles(before.source);
        session?.close();
        session = undefined;
        if (photo === undefined) return;
        const { pixels, original } = await painter.open(photo.blob, classifier.source.preset, photo.name);
        store.update({ photo: { ...photo, pixels, original } });
        await predict();
      }),
    useBackend: (backend) =>
      attempt(async () => {
        session?.close();
        session = undefined;
        store.update({ backend });
        await predict();
        await explain();
      }),
    choose: (classIndex) =>
      attempt(() => {
        const { against } = store.state;
        store.update({ classIndex, against: against === classIndex ? undefined : against });
        return explain();
      }),
    compareWith: (against) =>
      attempt(() => {
        store.update({ against });
        return explain();
      }),
    set: (change) =>
      attempt(() => {
        const { settings } = store.state;
        store.update({ settings: { ...settings, ...change } });
        if (Object.keys(change).every((name) => name === 'colormap')) {
          painter.recolour();
          return Promise.resolve();
        }
        return explain();
      }),
    explain: () => attempt(explain),
    cancel() {
      running.abort();
      store.update({ busy: undefined });
    },
    show(kind) {
      store.update({ shown: kind });
      painter.recolour();
    },
  };
}
