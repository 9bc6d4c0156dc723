// Oracle: what the workers themselves tell of their passes, models and tensors.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { connectSaliency } from 'tfjs-saliency/worker';
import { connect, start, tell } from './workers.js';

const image = tf.randomNormal([1, 2, 3, 2], 0, 1, 'float32', 2);
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const messageOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.message : error),
  );

describe('ending a run', () => {
  const { saliency, started } = connect(2);
  const spec = { milliseconds: 20 };
  const options = { samples: 500, batchSize: 1 };

  beforeAll(() => saliency.smoothGrad(spec, image, 1, { samples: 4, batchSize: 1 }));

  /**
   * Lets `end` end a run, and expects the workers to end it within a pass each and to hold no more
   * than before.
   */
  async function expectEnd(end: () => Promise<unknown>): Promise<void> {
    const before = await Promise.all(started.map(tell));
    await end();
    const passes = (await Promise.all(started.map(tell))).map((each) => each.passes);
    await wait(100);
    const after = await Promise.all(started.map(tell));
    after.forEach((each, i) => {
      expect(each.passes - passes[i]!).toBeLessThanOrEqual(1);
      expect(each.tensors).toBe(before[i]!.tensors);
    });
  }

  test('by a signal, with its reason, within one pass', () =>
    expectEnd(async () => {
      const controller = new AbortController();
      const running = saliency.smoothGrad(spec, image, 1, {
        ...options,
        signal: controller.signal,
      });
      setTimeout(() => {
        controller.abort('enough');
      }, 150);
      expect(await messageOf(running)).toBe('enough');
    }));

  test('by an aborted signal, before anything is sent', async () => {
    const before = await Promise.all(started.map(tell));
    const signal = AbortSignal.abort('changed my mind');
    expect(await messageOf(saliency.smoothGrad(spec, image, 1, { ...options, signal }))).toBe(
      'changed my mind',
    );
    expect(await messageOf(saliency.vanillaGradient(spec, image, 1, { signal }))).toBe(
      'changed my mind',
    );
    expect(
      await messageOf(saliency.smoothGradSteps(spec, image, 1, { ...options, signal }).next()),
    ).toBe('changed my mind');
    expect(await Promise.all(started.map(tell))).toEqual(before);
  });

  test('by an error in onProgress', () =>
    expectEnd(async () => {
      const onProgress = () => {
        throw new Error('out of luck');
      };
      expect(await messageOf(saliency.smoothGrad(spec, image, 1, { ...options, onProgress }))).toBe(
        'out of luck',
      );
    }));

  test('by leaving the loop over its steps', () =>
    expectEnd(async () => {
      const tensors = tf.memory().numTensors;
      for await (const { map, done } of saliency.smoothGradSteps(spec, image, 1, options)) {
        map.dispose();
        if (done === 5) break;
      }
      expect(tf.memory().numTensors).toBe(tensors);
    }));

  test('by reaching a reliability', () =>
    expectEnd(async () => {
      const map = await saliency.smoothGrad(spec, image, 1, { until: 0.5, batchSize: 1, seed: 1 });
      map.dispose();
    }));

  test('a loop that stands still lets the workers go only a little ahead', async () => {
    const before = await Promise.all(started.map(tell));
    const steps = saliency.smoothGradSteps({}, image, 1, options);
    await steps.next();
    await wait(300);
    const after = await Promise.all(started.map(tell));
    const passes = after
      .map((each, i) => each.passes - before[i]!.passes)
      .reduce((sum, each) => sum + each);
    expect(passes).toBeLessThanOrEqual(2 * 8 + 1 + 2); // and the clean input in both
    await steps.return();
  });

  test('by a signal in a run of another method', () =>
    expectEnd(async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const running = saliency.integratedGradients(spec, image, 1, {
        steps: 500,
        batchSize: 1,
        signal,
      });
      setTimeout(() => {
        controller.abort('enough');
      }, 150);
      expect(await messageOf(running)).toBe('enough');
    }));
});

describe('a worker that dies', () => {
  test('rejects its pending calls, and is started anew for the next', async () => {
    const { saliency, started } = connect(1);
    const pending = [
      saliency.vanillaGradient({ act: 'exit' }, image, 1),
      saliency.smoothGrad({}, image, 1, { samples: 5 }),
    ];
    for (const call of pending)
      expect(await messageOf(call)).toBe('connectSaliency: the worker ended with exit code 3');
    const map = await saliency.vanillaGradient({}, image, 1);
    expect(map.shape).toEqual(image.shape);
    expect(started).toHaveLength(2);
  });

  test('ends the run that it has a part in; the other workers live on', async () => {
    const { saliency, started } = connect(2);
    const running = saliency.smoothGrad({ milliseconds: 10 }, image, 1, {
      samples: 500,
      batchSize: 1,
    });
    const rejected = messageOf(running);
    await saliency.predict({}, image);
    await started[1]!.terminate();
    expect(await rejected).toBe('connectSaliency: the worker ended with exit code 1');
    await saliency.smoothGrad({}, image, 1, { samples: 4, batchSize: 1 });
    expect(started).toHaveLength(3);
    expect((await tell(started[0]!)).passes).toBeGreaterThan(0);
  });

  test('by an error that nothing catches', async () => {
    const { saliency, started } = connect(1);
    await saliency.predict({}, image);
    const pending = messageOf(
      saliency.smoothGrad({ milliseconds: 20 }, image, 1, { samples: 500, batchSize: 1 }),
    );
    started[0]!.postMessage('crash');
    expect(await pending).toBe('connectSaliency: the worker failed: out of luck');
  });

  test('is not started anew if it was given as it is', async () => {
    const worker = start();
    const saliency = connectSaliency(worker);
    await saliency.predict({}, image);
    await worker.terminate();
    const message = 'connectSaliency: the worker ended with exit code 1';
    for (let calls = 1; calls <= 2; calls++)
      expect(await messageOf(saliency.predict({}, image))).toBe(message);
  });

  test('close rejects what is pending and what comes later', async () => {
    const { saliency, started } = connect(2);
    await saliency.predict({}, image);
    const pending = [
      saliency.smoothGrad({ milliseconds: 20 }, image, 1, { samples: 500, batchSize: 1 }),
      saliency.predict({}, image),
    ].map(messageOf);
    await wait(100);
    await saliency.close();
    for (const call of [...pending, messageOf(saliency.predict({}, image))]) {
      expect(['connectSaliency: the connection is closed', 'no error']).toContain(await call);
    }
    expect(await pending[0]).toBe('connectSaliency: the connection is closed');
    expect(started.map(({ threadId }) => threadId)).toEqual(started.map(() => -1));
  });
});

describe('models', () => {
  test('are loaded once for specs of the same content, however many calls there are at once', async () => {
    const { saliency, started } = connect(1);
    await Promise.all([
      saliency.predict({ power: 3, milliseconds: 1 }, image),
      saliency.predict({ milliseconds: 1, power: 3 }, image),
      saliency.smoothGrad({ power: 3, milliseconds: 1 }, image, 1, { samples: 5 }),
    ]);
    await saliency.predict({ power: 2, milliseconds: 1 }, image);
    expect((await tell(started[0]!)).loads).toBe(2);
  });

  test('are freed by release, once nothing uses them, and loaded anew after', async () => {
    const { saliency, started } = connect(1);
    const photo = { data: new Uint8Array(48), width: 4, height: 4 };
    const spec = { own: true, milliseconds: 5 };
    await saliency.predict(spec, photo);
    const running = saliency.smoothGrad(spec, photo, 1, { samples: 20, batchSize: 1 });
    await wait(30);
    await saliency.release(spec);
    expect((await tell(started[0]!)).disposed).toBe(0);
    await running;
    await wait(100); // its end is told to the worker
    expect(await tell(started[0]!)).toMatchObject({ disposed: 1, loads: 1 });
    await saliency.predict(spec, photo);
    await saliency.release({ milliseconds: 5, own: true });
    expect(await tell(started[0]!)).toMatchObject({ disposed: 2, loads: 2 });
  });
});

test('two runs at once give what each gives alone, and leave no tensor in the worker', async () => {
  const { saliency, started } = connect(1);
  const run = (power: number, seed: number) =>
    saliency.smoothGrad({ power }, image, 'argmax', {
      samples: 12,
      seed,
      batchSize: 2,
      antithetic: seed === 2,
    });
  const alone = [await run(3, 1), await run(2, 2)].map((map) => [...map.dataSync()]);
  await wait(100); // the end of a run is told to the worker
  const { tensors } = await tell(started[0]!);
  const both = await Promise.all([run(3, 1), run(2, 2)]);
  expect(both.map((map) => [...map.dataSync()])).toEqual(alone);
  await wait(100);
  expect((await tell(started[0]!)).tensors).toBe(tensors);
});
