/** A classifier behind HTTP as a model of the library. */
import type { AsyncModel } from 'tfjs-saliency';

export interface RemoteOptions {
  /** How often a request is sent at most, if the service is busy or cannot be reached. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; before each further one twice as many. */
  readonly pause?: number;
}

/**
 * Makes a model of a service that takes `{ shape, data }` and answers `{ outputs }`, a row for each
 * input. The library cuts its questions into batches (`batchSize`) and passes its signal on, which
 * ends a request that is under way; what to do about a busy service is decided here.
 */
export function remoteClassifier(
  url: string,
  { attempts = 4, pause = 250 }: RemoteOptions = {},
): AsyncModel {
  return async (batch, { signal }) => {
    const body = JSON.stringify({ shape: batch.shape, data: Array.from(await batch.data()) });
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        ...(signal && { signal }),
      });
      if (response.ok) return ((await response.json()) as { outputs: number[][] }).outputs;
      const isBusy = response.status === 429 || response.status === 503;
      if (!isBusy || attempt === attempts) {
        throw new Error(`the classifier answered ${response.status} ${response.statusText}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pause * 2 ** (attempt - 1)));
      signal?.throwIfAborted();
    }
  };
}
