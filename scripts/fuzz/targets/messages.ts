/** A worker's side: calls in any order, of runs that are not open, and what is no call at all. */
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../../examples/shared/startWorker.js';
import type { MethodCall, Reply, Service } from '../../../src/worker/protocol.js';
import { valueOf } from '../../../src/worker/errors.js';
import type { Draw } from '../random.js';
import { faultOf, WrongResult } from '../target.js';
import type { Target } from '../target.js';

const IDS = ['a', 'b', '__proto__', ''];
const GARBAGE: readonly unknown[] = [null, 0, 'x', [], {}, { id: 1, type: 'X' }, { notice: 7 }];

const callOf = (method: string): MethodCall => ({
  method,
  caller: method,
  source: { key: 'k', modelRef: { value: 'function' } },
  input: {
    kind: 'tensor',
    data: new Float32Array(8 * 8 * 3).fill(0.5),
    shape: [1, 8, 8, 3],
    dtype: 'float32',
  },
  classIndex: 1,
  options: method === 'rise' ? { samples: 6, seed: 1 } : {},
});

const smoothCall = () => ({
  ...callOf('vanillaGradient'),
  options: { samples: 4, seed: 1 },
  total: 4,
  inSteps: false,
});

/** One call, of no run in particular. */
function next(service: Service, draw: Draw): [string, () => Promise<Reply<unknown>>] {
  const id = draw.pick(IDS);
  const count = draw.integer(4);
  const calls: [string, () => Promise<Reply<unknown>>][] = [
    ['compute', () => service.compute(id, callOf(draw.pick(['vanillaGradient', 'no', 'predict'])))],
    ['open', () => service.open(id, smoothCall())],
    ['samples', () => service.samples(id, draw.integer(4), count)],
    ['openSampling', () => service.openSampling(id, callOf(draw.pick(['rise', 'gradCam'])))],
    ['learn', () => service.learn(id, draw.integer(4), count)],
    ['merge', () => service.merge(id, count, new Float32Array(draw.integer(9)))],
    ['sampledMap', () => service.sampledMap(id, draw.chance(0.5))],
    ['end', () => service.end(id)],
    ['release', () => service.release(draw.pick(['k', 'none']))],
  ];
  return draw.pick(calls);
}

export const messages: Target = {
  name: 'messages',
  open() {
    const served = path.join(import.meta.dirname, '../../../test/contract/served.ts');
    const worker: Worker = startWorker(pathToFileURL(served));
    const died = new Promise<never>((_, reject) => {
      worker.on('error', (error) => {
        reject(new WrongResult(`the worker died: ${String(error)}`));
      });
    });
    died.catch(() => undefined);
    const service = wrap(nodeEndpoint(worker as never)) as unknown as Service;
    return Promise.resolve({
      async run(draw: Draw, tell: (what: string) => void) {
        const made = Array.from({ length: 1 + draw.integer(8) }, () => next(service, draw));
        tell(made.map(([name]) => name).join(', '));
        if (draw.chance(0.3)) worker.postMessage(draw.pick(GARBAGE));
        const judge = async (name: string, call: () => Promise<Reply<unknown>>): Promise<void> => {
          try {
            valueOf(await call());
          } catch (error) {
            if (isCancelled(error)) return;
            const fault = faultOf(error);
            if (fault !== undefined) throw new WrongResult(`${name}: ${fault}`);
          }
        };
        await Promise.race([died, Promise.all(made.map(([name, call]) => judge(name, call)))]);
        for (const id of IDS) await Promise.race([died, service.end(id)]);
        const { shape } = valueOf(await service.compute('good', callOf('vanillaGradient')));
        if (shape.join() !== '1,8,8,3') throw new WrongResult(`a map of [${shape.join()}]`);
      },
      close: async () => void (await worker.terminate()),
    });
  },
};

const isCancelled = (error: unknown): boolean => (error as Error).message === 'cancelled';
