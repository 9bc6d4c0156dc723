/** A page without tfjs, which tells what becomes of its calls. */
import { connectSaliency } from 'tfjs-saliency/worker';

const input = { data: [1, 2, 3], shape: [1, 3] };
const workers: Worker[] = [];
const start = (): Worker => {
  const worker = new Worker(new URL('./serve.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  return worker;
};

const messageOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'no error',
    (error: unknown) => (error as Error).message,
  );

/**
 * What the call of a spec ends with, and whether the next call of the same connection finds a new
 * worker.
 */
async function end(
  spec: string,
  act: (worker: Worker) => void,
): Promise<[message: string, next: number[]]> {
  const saliency = connectSaliency<string>(start);
  await saliency.predict('sum', input);
  const pending = messageOf(saliency.predict(spec, input));
  setTimeout(act, 100, workers.at(-1)!);
  const message = await pending;
  const { data } = await saliency.predict('sum', input);
  await saliency.close();
  return [message, [...data]];
}

async function pixels(): Promise<{ canvas: number[]; pixels: number[]; shape: number[] }> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [4, 2];
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#20c040';
  context.fillRect(1, 0, 2, 2);
  const saliency = connectSaliency<string>(start, { workers: 2 });
  const options = { preprocess: 'unit' } as const;
  const [a, b, map] = await Promise.all([
    saliency.predict('sum', canvas, options),
    saliency.predict('sum', context.getImageData(0, 0, 4, 2), options),
    saliency.smoothGrad('sum', canvas, 1, { ...options, samples: 4 }),
  ]);
  await saliency.close();
  return { canvas: [...a.data], pixels: [...b.data], shape: map.shape };
}

const nothing = (): void => undefined;
const tests = {
  pixels,
  terminated: () => end('wait', (worker) => worker.terminate()),
  closed: () => end('close', nothing),
  thrown: () => end('throw', nothing),
  missing: () => messageOf(connectSaliency(() => new Worker('missing.js')).predict('sum', input)),
};

export type Tests = typeof tests;
Object.assign(globalThis, { tests });
