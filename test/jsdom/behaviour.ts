/** What applications that test in jsdom need, in whichever jsdom. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { colorize, encodePNG, smoothGradAsync } from 'tfjs-saliency';

type Options = Parameters<typeof smoothGradAsync>[3];

/** Runs SmoothGrad of a linear model, whose gradient is its weights: 1, 2, 3. */
const run = (options: Options = {}): Promise<tf.Tensor> =>
  smoothGradAsync((x) => tf.matMul(x, tf.tensor2d([1, 2, 3], [3, 1])), tf.tensor1d([1, 0, 1]), 0, {
    samples: 20,
    batchSize: 1,
    ...options,
  });

const values = async (map: Promise<tf.Tensor>): Promise<number[]> =>
  [...(await map).dataSync()].map(Math.round);

/** Runs a function without globals of the page, which are put back after it. */
async function without(names: readonly string[], then: () => Promise<void>): Promise<void> {
  const kept = names.map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const name of names) Reflect.deleteProperty(globalThis, name);
  try {
    await then();
  } finally {
    for (const [name, descriptor] of kept)
      if (descriptor !== undefined) Object.defineProperty(globalThis, name, descriptor);
  }
}

/** Declares the tests; `version` is the major version of jsdom that must be running them. */
export function testInJsdom(version: string): void {
  beforeAll(() => tf.setBackend('cpu'));
  afterEach(() => jest.useRealTimers());

  test('this is that jsdom', () => {
    expect(navigator.userAgent).toContain(`jsdom/${version}.`);
  });

  test('a long run ends', async () => {
    expect(await values(run())).toEqual([1, 2, 3]);
  });

  test('also under fake timers, which were set after the library was loaded', async () => {
    jest.useFakeTimers();
    expect(await values(run())).toEqual([1, 2, 3]);
  });

  test('and where neither MessageChannel nor setImmediate is there', async () => {
    await without(['MessageChannel', 'setImmediate'], () =>
      jest.isolateModulesAsync(async () => {
        const bare = await import('tfjs-saliency');
        const core = await import('@tensorflow/tfjs-core');
        await import('@tensorflow/tfjs-backend-cpu');
        await core.setBackend('cpu');
        const weights = core.tensor2d([1, 2, 3], [3, 1]);
        const options = { samples: 20, batchSize: 1 };
        const model = (x: tf.Tensor) => core.matMul(x, weights);
        const map = bare.smoothGradAsync(model, core.tensor1d([1, 0, 1]), 0, options);
        expect(await values(map)).toEqual([1, 2, 3]);
      }),
    );
  });

  test("jsdom's own AbortSignal ends a run", async () => {
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done >= 3) controller.abort();
    };
    const failed = run({ signal: controller.signal, onProgress });
    await expect(failed).rejects.toMatchObject({ name: 'AbortError' });
    const early = new AbortController();
    early.abort();
    await expect(run({ signal: early.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a PNG is encoded', async () => {
    const png = await encodePNG(colorize(tf.tensor2d([[0, 1]]), 'gray'));
    expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  });
}
