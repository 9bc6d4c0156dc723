/** Tests of the maps that there are: which one should one believe? */
import { METHODS } from './library.js';
import type { Painter } from './painter.js';
import type { Runner } from './runner.js';
import { kindsOf } from './state.js';
import type { MapKind, State, Store } from './state.js';

export interface Comparison {
  /** Measures the maps of one class that there are, one after the other. */
  measure(): Promise<void>;
  /** Computes a method's map again while layer after layer of the model becomes random. */
  randomize(kind: MapKind): Promise<void>;
}

/** The maps that can be measured. */
export function measurable(state: State): readonly MapKind[] {
  return state.run?.against === undefined
    ? kindsOf(state).filter((kind) => state.finished.includes(kind))
    : [];
}

/** Tells whether the map is a method's own, not an average. */
export function isMethod(kind: MapKind): boolean {
  return METHODS.some(({ name }) => name === kind);
}

export function createComparison(store: Store, painter: Painter, runner: Runner): Comparison {
  const { connect, begin, unlessStopped, whileBusy } = runner;

  function jobOf({ photo, classifier, run }: State, signal: AbortSignal) {
    return { classifier, pixels: photo!.pixels, classIndex: run!.classIndex, signal };
  }

  return {
    async measure() {
      const { state } = store;
      const signal = begin('measuring', 'compare');
      await whileBusy(signal, async () => {
        const session = connect(state.backend!);
        for (const kind of measurable(state)) {
          const map = await unlessStopped(signal, painter.dataOf(kind));
          const curves = await unlessStopped(signal, session.measure(jobOf(state, signal), map));
          store.update({ curves: { ...store.state.curves, [kind]: curves } });
        }
      });
    },
    async randomize(kind) {
      const { state } = store;
      const signal = begin('randomizing', 'compare');
      store.update({ randomized: { kind, steps: [] } });
      await whileBusy(signal, async () => {
        const job = { ...jobOf(state, signal), kind };
        const running = connect(state.backend!).randomize(job, async (map, name, similarity) => {
          const bitmap = await painter.drawAlone(map);
          const { randomized } = store.state;
          if (signal.aborted || randomized === undefined) return;
          const steps = [...randomized.steps, { name, similarity, bitmap }];
          store.update({ randomized: { kind, steps } });
        });
        await unlessStopped(signal, running);
      });
    },
  };
}
