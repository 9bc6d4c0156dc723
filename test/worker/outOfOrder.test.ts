// Oracle: errors by hand: messages of runs that are not open, or cannot be.
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import type { MethodCall, Reply, Service } from '../../src/worker/protocol.js';
import { start } from './workers.js';

const worker = start();
const service = wrap(nodeEndpoint(worker as never)) as unknown as Service;
afterAll(() => worker.terminate());

const call = (method: string): MethodCall => ({
  method,
  caller: method,
  source: { key: 'k', modelRef: { value: {} } },
  input: { kind: 'tensor', data: new Float32Array(12), shape: [1, 2, 3, 2], dtype: 'float32' },
  classIndex: 1,
  options: method === 'rise' ? { samples: 4, cells: 1, seed: 1 } : {},
});

test.each<[string, () => Promise<Reply<unknown>>]>([
  ['samples', () => service.samples('none', 0, 1)],
  ['learn', () => service.learn('none', 0, 1)],
  ['merge', () => service.merge('none', 1, new Float32Array(1))],
  ['nextStep', () => service.nextStep('none')],
  ['sampledMap', () => service.sampledMap('none', false)],
])('%s of a run that was never opened is refused', async (_, send) => {
  const message = "id must be that of an open run, got 'none'";
  expect(await send()).toMatchObject({ error: { name: 'RangeError', message } });
});

test('a method that has no samples to share is refused', async () => {
  expect(await service.openSampling('a', call('gradCam'))).toMatchObject({
    error: {
      name: 'RangeError',
      message: "gradCam: method must be one that learns from samples, got 'gradCam'",
    },
  });
});

test('a chunk of no samples is refused, and the run goes on', async () => {
  expect(await service.openSampling('b', call('rise'))).toMatchObject({ value: { total: 4 } });
  expect(await service.learn('b', 0, 0)).toMatchObject({
    error: { name: 'RangeError', message: 'rise: count must be a positive integer, got 0' },
  });
  expect(await service.learn('b', 0, 2)).toHaveProperty('value');
  await service.end('b');
});
