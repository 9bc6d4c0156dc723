/** One living worker, seen from the other side: its calls end with it. */
import { wrap } from 'comlink';
import type { Remote } from 'comlink';
import { endpointOf, isNodeWorker, onGreeting } from '../endpoint.js';
import type { SaliencyWorker } from '../endpoint.js';
import { valueOf } from '../errors.js';
import { watchLifeline } from '../lifeline.js';
import type { Greeting, Reply, Service, Source } from '../protocol.js';
import type { Spec } from './spec.js';

let ids = 0;

/** A name for a call or a run, of this thread's own. */
export const newId = (): string => `${ids++}`;

export class Connection {
  private readonly service: Remote<Service>;
  private readonly ready: Promise<void>;
  /** What rejects each pending call. */
  private readonly pending = new Set<(error: Error) => void>();
  /** The keys of the specs that the worker has been sent. */
  private readonly known = new Set<string>();
  private failure: Error | undefined;

  constructor(private readonly worker: SaliencyWorker) {
    const endpoint = endpointOf(worker);
    this.service = wrap<Service>(endpoint);
    const die = (reason: string): void => {
      void this.end(new Error(`connectSaliency: the worker ${reason}`));
    };
    this.ready = new Promise((resolve) => {
      onGreeting(endpoint, 'tfjs-saliency: ready', ({ lifeline }) => {
        if (lifeline !== undefined && !isNodeWorker(worker)) {
          watchLifeline(lifeline, () => {
            die('was closed');
          });
        }
        resolve();
      });
    });
    onDeath(worker, die);
    endpoint.postMessage({ greeting: 'tfjs-saliency: hello' } satisfies Greeting);
  }

  /** Why the worker does not live any more. */
  get death(): Error | undefined {
    return this.failure;
  }

  /** The number of calls that are under way. */
  get load(): number {
    return this.pending.size;
  }

  /**
   * Asks the service for something. Rejects with the worker's own error, or with the reason of its
   * death.
   * @param ask what is called with the service, as soon as the worker serves
   */
  async call<T>(ask: (service: Remote<Service>) => Promise<Reply<T>>): Promise<T> {
    if (this.failure !== undefined) throw this.failure;
    return new Promise((resolve, reject) => {
      this.pending.add(reject);
      this.ready
        .then(() => ask(this.service))
        .then(valueOf)
        .then(resolve, reject)
        .finally(() => this.pending.delete(reject));
    });
  }

  /** The spec as this worker needs it: its value goes over once. */
  sourceOf({ key, value }: Spec): Source {
    if (this.known.has(key)) return { key };
    this.known.add(key);
    return { key, spec: { value } };
  }

  forget(key: string): void {
    this.known.delete(key);
  }

  /** Ends the worker and all that is asked of it. */
  async end(reason: Error): Promise<void> {
    if (this.failure === undefined) {
      this.failure = reason;
      this.pending.forEach((reject) => {
        reject(reason);
      });
      this.pending.clear();
    }
    await this.worker.terminate();
  }
}

/**
 * A browser tells of errors that nothing has caught, at the start above all; Node of its worker's
 * end too.
 */
function onDeath(worker: SaliencyWorker, tell: (reason: string) => void): void {
  if (isNodeWorker(worker)) {
    worker.on('error', (error) => {
      tell(`failed: ${(error as Partial<Error> | undefined)?.message ?? String(error)}`);
    });
    worker.on('exit', (code) => {
      tell(`ended with exit code ${String(code)}`);
    });
    return;
  }
  worker.addEventListener('error', (event) => {
    const { message = 'it could not be started' } = event as Partial<ErrorEvent>;
    tell(`failed: ${message}`);
  });
}
