/** The long work: predictions and explanations, of which the newest stops the one before. */
import type { Painter } from './painter.js';
import { STOPPED } from './runner.js';
import type { Runner } from './runner.js';
import { nextKind, TWO_CLASSES } from './state.js';
import type { MapKind, Store } from './state.js';
import { firstLine } from './words.js';

export interface Work {
  /** The scores of all classes for the photo. */
  predict(): Promise<void>;
  /** Computes the wanted maps that there are not yet, one after the other. */
  explain(): Promise<void>;
  /** Forgets maps, all unless some are named; what is computed of them stops. */
  dropMaps(kinds?: readonly MapKind[]): void;
}

export function createWork(store: Store, painter: Painter, runner: Runner): Work {
  const { connect, begin, unlessStopped, whileBusy } = runner;
  /** The map that is computed at the moment. */
  let current: { kind: MapKind; controller: AbortController } | undefined;

  function dropMaps(kinds?: readonly MapKind[]): void {
    const isDropped = (kind: MapKind): boolean => kinds?.includes(kind) ?? true;
    const { maps, finished, failed, run, curves, randomized } = store.state;
    store.update({
      maps: maps.filter((kind) => !isDropped(kind)),
      finished: finished.filter((kind) => !isDropped(kind)),
      failed: Object.fromEntries(Object.entries(failed).filter(([kind]) => !isDropped(kind))),
      run: kinds === undefined ? undefined : run,
      curves: Object.fromEntries(Object.entries(curves).filter(([kind]) => !isDropped(kind))),
      randomized: randomized !== undefined && isDropped(randomized.kind) ? undefined : randomized,
    });
    painter.clear(kinds);
    if (current !== undefined && isDropped(current.kind)) current.controller.abort();
  }

  /** Computes one map; a method that does not work for the model is told on its card. */
  async function compute(kind: MapKind, runSignal: AbortSignal): Promise<void> {
    const { photo, classifier, backend, run } = store.state;
    const controller = new AbortController();
    current = { kind, controller };
    const signal = AbortSignal.any([runSignal, controller.signal]);
    const connection = connect(backend!);
    try {
      await unlessStopped(
        signal,
        connection.explain({
          kind,
          classifier,
          pixels: photo!.pixels,
          run: run!,
          signal,
          reports: {
            progress({ done, total, reliability, samplesPerSecond }) {
              if (signal.aborted) return;
              const now = { done, total, reliability, samplesPerSecond };
              store.update({ run: { ...store.state.run!, ...now } });
            },
            gradient(gradient, samples) {
              if (signal.aborted) return;
              painter.add(kind, gradient, samples);
            },
          },
        }),
      );
      await unlessStopped(signal, painter.idle());
      const kinds = run!.against === undefined ? [kind] : TWO_CLASSES;
      store.update({ finished: [...store.state.finished, ...kinds] });
    } catch (error) {
      if (error === STOPPED) return;
      store.update({ failed: { ...store.state.failed, [kind]: firstLine(error) } });
    } finally {
      current = undefined;
    }
  }

  return {
    dropMaps,
    async predict() {
      const { photo, classifier, backend } = store.state;
      if (photo === undefined || backend === undefined) return;
      const signal = begin('loading', 'model');
      await whileBusy(signal, async () => {
        const predicting = connect(backend).predict(classifier, photo.pixels);
        store.update({ scores: await unlessStopped(signal, predicting) });
      });
    },
    async explain() {
      const { photo, classIndex, against, settings, backend } = store.state;
      if (photo === undefined || classIndex === undefined || backend === undefined) return;
      const signal = begin('running', 'run');
      const { maps, finished } = store.state;
      dropMaps(maps.filter((kind) => !finished.includes(kind)));
      if (store.state.run === undefined || !finished.includes('smooth')) {
        const progress = { done: 0, total: settings.samples, reliability: 0, samplesPerSecond: 0 };
        store.update({ run: { classIndex, against, settings, mapSamples: 0, ...progress } });
      }
      await whileBusy(signal, async () => {
        for (;;) {
          const kind = nextKind(store.state);
          if (signal.aborted || kind === undefined) break;
          await compute(kind, signal);
        }
      });
    },
  };
}
