/** Workers of browsers and of Node behind one interface, which is comlink's. */
import type { Endpoint } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import type { Notice, NoticeOf } from './protocol.js';

/** The part of a browser's `Worker` that is used. */
export interface WebWorker {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
  terminate(): void;
}

/** The part of a `Worker` of node:worker_threads that is used. */
export interface NodeWorker {
  postMessage(message: unknown): void;
  on(event: string, listener: (value: unknown) => void): unknown;
  off(event: string, listener: (value: unknown) => void): unknown;
  terminate(): Promise<unknown>;
  ref(): void;
  unref(): void;
}

export type SaliencyWorker = WebWorker | NodeWorker;

/** One end of a message channel of Node. */
type NodePort = Parameters<typeof nodeEndpoint>[0];

export const isNodeWorker = (worker: SaliencyWorker): worker is NodeWorker => 'on' in worker;

export function endpointOf(worker: SaliencyWorker): Endpoint {
  return isNodeWorker(worker)
    ? nodeEndpoint(worker as unknown as NodePort)
    : (worker as unknown as Endpoint);
}

/** Returns a worker's end of the channel to who started it; undefined outside workers. */
export function endpointInWorker(): Endpoint | undefined {
  const scope = globalThis as { WorkerGlobalScope?: unknown; process?: Partial<NodeProcess> };
  if (scope.WorkerGlobalScope !== undefined) return globalThis as unknown as Endpoint;
  // Not an import, which bundlers for browsers would stumble over.
  const port = scope.process?.getBuiltinModule?.('node:worker_threads').parentPort;
  return port == null ? undefined : nodeEndpoint(port);
}

interface NodeProcess {
  getBuiltinModule(name: 'node:worker_threads'): { parentPort: NodePort | null };
}

export function postNotice(endpoint: Endpoint, notice: Notice): void {
  endpoint.postMessage(notice);
}

/** Calls `run` with each notice of this name. */
export function onNotice<Name extends Notice['notice']>(
  endpoint: Endpoint,
  name: Name,
  run: (notice: NoticeOf<Name>) => void,
): void {
  endpoint.addEventListener('message', (event: Event) => {
    const { data } = event as MessageEvent<Partial<Notice> | null>;
    if (data?.notice === name) run(data as NoticeOf<Name>);
  });
}
