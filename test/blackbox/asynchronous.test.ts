// Oracle: the same model as a synchronous function.
import * as tf from '@tensorflow/tfjs-core';
import type { AsyncModel } from 'tfjs-saliency';
import { kernelShap, occlusion, rise, smooth, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { tensorCounts } from '../gradient/state.js';
import { expectClose } from '../method/expectClose.js';
import { additive, random } from './additive.js';

describeOnEachBackend('asynchronous models', () => {
  let v: tf.Tensor;
  let x: tf.Tensor;
  beforeAll(() => {
    v = random([4, 4, 2], 1);
    x = random([2, 4, 4, 2], 2);
  });
  afterAll(() => {
    tf.dispose([v, x]);
  });

  const model = (rows: tf.Tensor) => tf.tidy(() => additive(v)(rows));
  const wait = () => new Promise((resolve) => setTimeout(resolve, 1));
  const KINDS: [string, AsyncModel][] = [
    [
      'an async function of a tensor',
      async (rows) => {
        await wait();
        return model(rows);
      },
    ],
    [
      'a function that returns a promise of rows of numbers',
      (rows) => wait().then(() => tf.tidy(() => model(rows).arraySync() as number[][])),
    ],
    [
      'a function of typed arrays',
      async (rows) => {
        await wait();
        const [data, [n]] = [await rows.data(), rows.shape];
        const result = tf.tidy(() => model(tf.tensor(data, [n!, 4, 4, 2])).dataSync());
        return Array.from({ length: n! }, (_, i) => result.slice(2 * i, 2 * i + 2));
      },
    ],
  ];
  const METHODS = {
    occlusion: occlusion as typeof rise,
    rise,
    kernelShap: kernelShap as typeof rise,
  };
  const options = { batchSize: 5, samples: 12, seed: 1 };
  const optionsOf = (name: string) => {
    const { samples: _, ...rest } = options;
    return name === 'occlusion' ? rest : options;
  };

  test.each(KINDS)('%s gives what the synchronous one does', async (_, later) => {
    for (const [name, method] of Object.entries(METHODS)) {
      for (const classIndex of ['argmax', [0, 1], { for: 0, against: 1 }] as const) {
        const expected = method(model, x, classIndex, optionsOf(name));
        const before = tensorCounts();
        const map = await method.async(later, x, classIndex, optionsOf(name));
        expectClose(map, expected.dataSync(), 1e-5);
        map.dispose();
        expect(tensorCounts()).toEqual(before);
        expected.dispose();
      }
    }
  });

  test('the score may be any that outputs alone give; smoothing works too', async () => {
    const later = KINDS[0]![1];
    for (const score of ['crossEntropy', 'logit', (y: tf.Tensor) => tf.sum(y, 1)] as const) {
      const expected = occlusion(model, x, 1, { score });
      expectClose(await occlusion.async(later, x, 1, { score }), expected.dataSync(), 1e-5);
    }
    await expect(occlusion.async(later, x, 1, { score: 'logProbability' })).rejects.toThrow(
      "score must be 'output', 'crossEntropy' or a function for an asynchronous model, " +
        "got 'logProbability'",
    );
    const noisy = { samples: 2, seed: 1, stdDev: 0.1 };
    const smoothed = smooth(occlusion);
    expectClose(
      await smoothed.async(later as typeof model, x, 1, noisy),
      smoothed(model, x, 1, noisy).dataSync(),
      1e-5,
    );
  });

  test('the synchronous form and gradients say that they cannot wait, and leave nothing', async () => {
    const before = tensorCounts();
    for (const [, later] of KINDS) {
      const call = () => rise(later as typeof model, x, 0, options);
      expect(call).toThrow(TypeError);
      expect(call).toThrow(
        'rise: model must be synchronous, got a Promise; call the asynchronous function, .async',
      );
      expect(() => vanillaGradient(later as typeof model, x, 0)).toThrow(
        'vanillaGradient: model must be synchronous (tfjs ops only, no await), got a Promise',
      );
      await wait();
      await wait();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(tensorCounts()).toEqual(before);
  });

  test('a batch has as many rows as batchSize, else one', async () => {
    const seen: number[] = [];
    const later: AsyncModel = async (rows) => {
      seen.push(rows.shape[0]!);
      return KINDS[0]![1](rows, { signal: undefined }) as Promise<tf.Tensor>;
    };
    const one = tf.slice(x, 0, 1);
    await rise.async(later, one, 0, { samples: 12 });
    expect(seen.every((rows) => rows === 1)).toBe(true);
    seen.length = 0;
    await rise.async(later, one, 0, { samples: 12, batchSize: 5 });
    expect(seen).toEqual([5, 5, 2]);
  });

  test('an abort ends the run at once, is passed on, and leaves nothing', async () => {
    const before = tensorCounts();
    const controller = new AbortController();
    let calls = 0;
    let heard = false;
    const never: AsyncModel = (_, { signal }) => {
      signal?.addEventListener('abort', () => (heard = true));
      if (++calls === 3) setTimeout(() => controller.abort('enough'), 2);
      return calls < 3 ? Promise.resolve([[1, 2]]) : new Promise(() => undefined);
    };
    const { signal } = controller;
    await expect(rise.async(never, tf.zeros([1, 4, 4, 2]), 0, { signal })).rejects.toBe('enough');
    expect([calls, heard]).toEqual([3, true]);
    await wait();
    expect((tensorCounts() as { numTensors: number }).numTensors).toBe(
      (before as { numTensors: number }).numTensors + 1,
    );
  });

  test("the model's own errors reach the caller as they are, and a wrong answer is refused", async () => {
    const before = tensorCounts();
    const failing: AsyncModel = async () => {
      await wait();
      throw new Error('503');
    };
    await expect(occlusion.async(failing, x, 0)).rejects.toThrow('503');
    for (const answer of [null, 7, [[1], [2], [3]], [[1, 2], [3]]]) {
      const wrong = (() => Promise.resolve(answer)) as unknown as AsyncModel;
      await expect(occlusion.async(wrong, x, 0, { batchSize: 2 })).rejects.toThrow(
        "occlusion.async: the model's output must be a promise of a tensor, or of 2 rows of numbers",
      );
    }
    expect(tensorCounts()).toEqual(before);
  });
});
