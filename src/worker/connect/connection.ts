/** One living worker, seen from the other side: its calls end with it. */
import { wrap } from 'comlink';
import type { Endpoint, Remote } from 'comlink';
import type { Progress } from '../../run/progress.js';
import { endpointOf, isNodeWorker, onNotice, postNotice } from '../endpoint.js';
import type { SaliencyWorker } from '../endpoint.js';
import { valueOf } from '../errors.js';
import type { ModelSource, Reply, Service } from '../protocol.js';
import { watchWorkerLock } from '../workerLock.js';
import type { KeyedModelRef } from './modelRef.js';

let ids = 0;

/** Makes an id for a call or a run of this thread. */
export const newId = (): string => `${ids++}`;

export class Connection {
  private readonly service: Remote<Service>;
  private readonly ready: Promise<void>;
  /** What rejects each pending call. */
  private readonly pending = new Set<(error: Error) => void>();
  /** The keys of the models that the worker has been told of. */
  private readonly known = new Set<string>();
  private readonly progressListeners = new Map<string, (progress: Progress) => void>();
  private failure: Error | undefined;
  private sampling: readonly string[] = [];

  /** @param startTimeout milliseconds until a worker that does not serve is given up */
  constructor(
    private readonly worker: SaliencyWorker,
    startTimeout: number,
  ) {
    const endpoint = endpointOf(worker);
    this.service = wrap<Service>(endpoint);
    onDeath(worker, this.die);
    onNotice(endpoint, 'tfjs-saliency: progress', ({ id, progress }) => {
      this.progressListeners.get(id)?.(progress);
    });
    this.ready = this.whenReady(endpoint, startTimeout);
    postNotice(endpoint, { notice: 'tfjs-saliency: hello' });
    this.keepProcessAlive(false);
  }

  private readonly die = (reason: string): void => {
    void this.end(new Error(`connectSaliency: the worker ${reason}`));
  };

  private whenReady(endpoint: Endpoint, startTimeout: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        const seconds = startTimeout / 1000;
        this.die(`has not called serveSaliency within ${seconds} s (startTimeout)`);
      }, startTimeout);
      // In Node, waiting alone keeps no process alive; a pending call does.
      (timer as { unref?: () => void }).unref?.();
      onNotice(endpoint, 'tfjs-saliency: ready', ({ lock, sampling }) => {
        clearTimeout(timer);
        this.sampling = sampling;
        if (lock !== undefined && !isNodeWorker(this.worker)) {
          watchWorkerLock(lock, () => {
            this.die('was closed');
          });
        }
        resolve();
      });
    });
  }

  /** Why the worker is dead; undefined while it lives. */
  get death(): Error | undefined {
    return this.failure;
  }

  /** Tells whether workers may share the samples of a method, once the worker serves. */
  async isSampling(method: string): Promise<boolean> {
    await this.call(() => Promise.resolve({ value: undefined }));
    return this.sampling.includes(method);
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
      this.keepProcessAlive(true);
      this.ready
        .then(() => ask(this.service))
        .then(valueOf)
        .then(resolve, reject)
        .finally(() => {
          this.pending.delete(reject);
          this.keepProcessAlive(this.pending.size > 0);
        });
    });
  }

  /** Lets the process end, in Node, while the worker is at rest; one that is ending holds it. */
  private keepProcessAlive(isBusy: boolean): void {
    if (!isNodeWorker(this.worker) || this.failure !== undefined) return;
    if (isBusy) this.worker.ref();
    else this.worker.unref();
  }

  /** Calls the listener with the progress of a call; returns what ends that. */
  onProgress(id: string, listener: (progress: Progress) => void): () => void {
    this.progressListeners.set(id, listener);
    return () => this.progressListeners.delete(id);
  }

  /** Makes the source of a model, whose value is sent to this worker once. */
  sourceOf({ key, value }: KeyedModelRef): ModelSource {
    if (this.known.has(key)) return { key };
    this.known.add(key);
    return { key, modelRef: { value } };
  }

  forget(key: string): void {
    this.known.delete(key);
  }

  /** Ends the worker and rejects its pending calls. */
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

/** Watches for a worker's uncaught errors, and in Node for its end, too. */
function onDeath(worker: SaliencyWorker, die: (reason: string) => void): void {
  if (isNodeWorker(worker)) {
    worker.on('error', (error) => {
      die(`failed: ${(error as Partial<Error> | undefined)?.message ?? String(error)}`);
    });
    worker.on('exit', (code) => {
      die(`ended with exit code ${String(code)}`);
    });
    return;
  }
  worker.addEventListener('error', (event) => {
    const { message = 'it could not be started' } = event as Partial<ErrorEvent>;
    die(`failed: ${message}`);
  });
}
