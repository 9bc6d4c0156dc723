// Oracle: a function that notes what it is given; smoothGrad, where the function is the gradient;
// closed forms.
import * as tf from '@tensorflow/tfjs-core';
import type { ClassIndex, Model, SmoothingStep } from 'tfjs-saliency';
import { createPreprocessing, mobilenet, smooth, smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from './expectClose.js';
import { expectError } from './expectError.js';

interface Given {
  input: Float32Array[];
  classIndex: ClassIndex;
  options: object | undefined;
}

/** An attribution that is its input, twice. */
function noting() {
  const given: Given[] = [];
  const doubled = (_: Model, input: tf.Tensor, classIndex: ClassIndex, options?: object) => {
    const rows = tf.unstack(input).map((row) => row.dataSync() as Float32Array);
    given.push({ input: rows, classIndex, options });
    return tf.mul(input, 2);
  };
  return { doubled, given };
}

const cubes = (rows: tf.Tensor) => tf.pow(rows, 3);
/** Greatest at 1 and at 0. */
const images = () =>
  tf.tensor2d([
    [0.3, 2, 1.5],
    [3, -1, 0],
  ]);
const noise = (shape: number[], sample: number) => tf.fill(shape, sample);
const OPTIONS = { samples: 4, stdDev: 1, noise };

describeOnEachBackend('smooth around a function of your own', () => {
  test('gives it batches of noisy inputs, and takes the mean of what it returns: 2 (x + e)', () => {
    const { doubled, given } = noting();
    const map = smooth(doubled)(cubes, images(), 0, { ...OPTIONS, batchSize: 4 });
    expectClose(
      map,
      [...images().dataSync()].map((x) => 2 * (x + 1.5)),
    );
    expect(given.map(({ input }) => input.length)).toEqual([4, 4]);
    expectClose(
      tf.stack(given[1]!.input.slice(0, 2).map((row) => tf.tensor1d(row))),
      [...images().dataSync()].map((x) => x + 2),
    );
    const single = smooth(doubled)(cubes, tf.tensor1d([1, 2, 3]), 0, OPTIONS);
    expect(single.shape).toEqual([3]);
    expectClose(single, [5, 7, 9]);
  });

  test('around one that is the gradient, it is smoothGrad, whatever the class index is', async () => {
    const mine = (model: Model, input: tf.Tensor, classIndex: ClassIndex) =>
      vanillaGradient(model, input, classIndex);
    const model = (rows: tf.Tensor) =>
      tf.matMul(cubes(rows) as tf.Tensor2D, tf.randomNormal([3, 4], 0, 1, 'float32', 1));
    for (const classIndex of [
      2,
      [3, 1],
      [
        [3, 1],
        [0, 2],
      ],
      { for: 1, against: 0 },
      'argmax',
    ] as const) {
      for (const batchSize of [1, 4, 100]) {
        const all = { samples: 5, seed: 1, batchSize };
        const expected = smoothGrad(model, images(), classIndex, all);
        const map = smooth(mine)(model, images(), classIndex, all);
        expect(map.shape).toEqual(expected.shape);
        expectClose(map, expected.dataSync(), 1e-5);
        const later = await smooth(mine).async(model, images(), classIndex, all);
        expect(later.dataSync()).toEqual(map.dataSync());
      }
    }
  });

  test("'argmax' is the clean input's class, as a number per row, or each row's own with perSampleArgmax", async () => {
    const wild = { samples: 3, stdDev: 50, seed: 1, batchSize: 4 };
    const { doubled, given } = noting();
    smooth(doubled)(cubes, images(), 'argmax', wild);
    await smooth(doubled).async(cubes, images(), 'argmax', wild);
    expect(given.map(({ classIndex }) => classIndex)).toEqual([
      [1, 0, 1, 0],
      [1, 0],
      [1, 0, 1, 0],
      [1, 0],
    ]);
    given.length = 0;
    smooth(doubled)(cubes, images(), 'argmax', { ...wild, perSampleArgmax: true });
    expect(given.map(({ classIndex }) => classIndex)).toEqual(['argmax', 'argmax']);
  });

  test('passes on the options that smoothing does not know, and no others', async () => {
    const { doubled, given } = noting();
    const mine = doubled as (
      model: Model,
      input: tf.Tensor,
      classIndex: ClassIndex,
      options?: { alpha?: number; score?: string },
    ) => tf.Tensor;
    const all = {
      ...OPTIONS,
      seed: 1,
      antithetic: true,
      statistic: 'meanAbs',
      alpha: 3,
      score: 'margin',
    } as const;
    // A score of the function's own is not for smoothing to judge.
    smooth(mine)(cubes, images(), 0, all as never);
    await smooth(mine).async(cubes, images(), 0, { ...all, onProgress: () => undefined } as never);
    for await (const { map } of smooth(mine).steps(cubes, images(), 0, {
      ...all,
      at: [4],
    } as never))
      map.dispose();
    expect(given.map(({ options }) => options)).toEqual(
      given.map(() => ({ alpha: 3, score: 'margin' })),
    );
  });

  test('adds noise after preprocessing, in the scale of the model, and hides the preset from the function', () => {
    const { doubled, given } = noting();
    const preprocess = createPreprocessing({ ...mobilenet.options, inputSize: [2, 2] });
    const photo = tf.fill([2, 2, 3], 255);
    const map = smooth(doubled)((rows) => tf.sum(rows, [1, 2]), photo, 0, {
      preprocess,
      samples: 2,
      noise,
      stdDev: 0.5,
    });
    expect(map.shape).toEqual([2, 2, 3]);
    expect(given[0]!.options).toEqual({});
    const values = given.flatMap(({ input }) => input.map((row) => row[0]!));
    expect(values).toEqual([1, 1.5]);
  });

  test('takes a map of any shape, such as one without channels', () => {
    const perPixel = (_: Model, input: tf.Tensor) => tf.max(tf.abs(input), -1);
    const photos = tf.randomNormal([2, 4, 5, 3], 0, 1, 'float32', 1);
    const map = smooth(perPixel)((rows) => tf.sum(rows, [1, 2]), photos, 0, {
      samples: 3,
      stdDev: 0,
    });
    expectClose(map, tf.max(tf.abs(photos), -1).dataSync());
    expect(map.shape).toEqual([2, 4, 5]);
  });

  test('leaves nothing behind, with the function or without it', async () => {
    const { doubled } = noting();
    const [input, model] = [images(), cubes];
    expectNoLeak(() => smooth(doubled)(model, input, 'argmax', OPTIONS));
    const before = tf.memory().numTensors;
    const steps: AsyncGenerator<SmoothingStep> = smooth(doubled).steps(model, input, 'argmax', {
      ...OPTIONS,
      batchSize: 2,
    });
    for await (const { map } of steps) {
      map.dispose();
      break;
    }
    const fail = (): tf.Tensor => {
      tf.zeros([9]);
      throw new Error('no map');
    };
    expect(() => smooth(fail)(model, input, 'argmax', OPTIONS)).toThrow('no map');
    expect(tf.memory().numTensors).toBe(before);
  });

  test('refuses a value that is no map for each row', () => {
    const call = (value: () => unknown, classIndex: ClassIndex = 0) => {
      const mine = () => value() as tf.Tensor;
      return () => smooth(mine)(cubes, images(), classIndex, { ...OPTIONS, batchSize: 8 });
    };
    const expected =
      "smooth(mine): the attribution's value must be a tensor of shape [8, ...], got";
    expectError(
      call(() => 3),
      TypeError,
      `${expected} 3`,
    );
    expectError(
      call(async () => Promise.resolve(3)),
      TypeError,
      `${expected} a Promise`,
    );
    expectError(
      call(() => tf.ones([2, 3])),
      TypeError,
      `${expected} a tensor of shape [2, 3]`,
    );
    const listed =
      "smooth(mine): the attribution's value must be a tensor of shape [2, 8, ...], got a tensor of shape [8, 3]";
    expectError(
      call(
        () => tf.ones([8, 3]),
        [
          [0, 1],
          [1, 2],
        ],
      ),
      TypeError,
      listed,
    );
    const unnamed = 'smooth(attribution): samples must be a positive integer, got 0';
    expectError(
      () => smooth(() => tf.ones([1]))(cubes, images(), 0, { samples: 0 }),
      RangeError,
      unnamed,
    );
  });
});
