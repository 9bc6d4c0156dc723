/** TensorFlow.js leaves the weights of a model behind that it could not load. */
import { dispose, engine, keep } from '@tensorflow/tfjs-core';
import type { io, Tensor } from '@tensorflow/tfjs-core';

/** The engine's state, as far as tensors are noted there. */
interface State {
  readonly activeScope: { readonly track: readonly Tensor[] };
  readonly registeredVariables: Readonly<Record<string, Tensor>>;
}

const state = (): State => engine().state as unknown as State;

/** Loads at once; what was made is freed if that fails. */
export function loadSync<M>(load: () => M): M {
  engine().startScope();
  try {
    const model = load();
    state().activeScope.track.forEach((tensor) => keep(tensor));
    return model;
  } finally {
    engine().endScope();
  }
}

/** Loads by a loader that waits for its artifacts only; what was made is freed if that fails. */
export async function loadAfter<M>(
  artifacts: io.ModelArtifacts,
  load: (handler: io.IOHandler) => Promise<M>,
): Promise<M> {
  let made: readonly Tensor[] = [];
  // The loader goes on in the microtask before the last one here, so that nothing else is noted.
  const waiting = {
    then(resolve: (value: io.ModelArtifacts) => void) {
      const before = new Set(Object.values(state().registeredVariables));
      engine().startScope();
      resolve(artifacts);
      queueMicrotask(() => {
        const { activeScope, registeredVariables } = state();
        const variables = Object.values(registeredVariables).filter((each) => !before.has(each));
        activeScope.track.forEach((tensor) => keep(tensor));
        made = [...activeScope.track, ...variables];
        engine().endScope();
      });
    },
  };
  try {
    return await load({ load: () => waiting as Promise<io.ModelArtifacts> });
  } catch (error) {
    dispose(made.filter(({ isDisposed }) => !isDisposed));
    throw error;
  }
}
