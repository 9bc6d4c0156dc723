// Oracle: linear models, whose class the test knows.
import * as tf from '@tensorflow/tfjs-core';
import {
  gradientTimesInput,
  integratedGradients,
  smooth,
  smoothGradAsync,
  smoothGradSteps,
  vanillaGradient,
} from 'tfjs-saliency';
import type { Attribution, ClassIndex, Model, Progress } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { stepsOf } from './stepsOf.js';

/** [2 x - 1, 0.5 - x]: class 0 wins at x = 1, class 1 at x = 0. */
const crossing = (x: tf.Tensor) => tf.concat([tf.sub(tf.mul(x, 2), 1), tf.sub(0.5, x)], 1);
const binary = (x: tf.Tensor) => tf.sigmoid(x);

describeOnEachBackend('the class that progress tells', () => {
  const METHODS: [string, Attribution][] = [
    ['vanillaGradient', vanillaGradient],
    ['gradientTimesInput', gradientTimesInput],
    ['integratedGradients', integratedGradients as Attribution],
  ];

  async function told(
    { async }: Pick<Attribution, 'async'>,
    model: Model,
    x: number[],
    classIndex: ClassIndex,
    options: object = {},
  ): Promise<ClassIndex[]> {
    const classes: ClassIndex[] = [];
    const input = tf.tensor2d(x, [x.length, 1]);
    const before = tf.memory().numTensors;
    const onProgress = (progress: Progress) => classes.push(progress.classIndex);
    const map = await async(model, input, classIndex, { ...options, onProgress });
    map.dispose();
    expect(tf.memory().numTensors).toBe(before);
    input.dispose();
    return classes;
  }

  test.each(METHODS)("%s: 'argmax' as a number, one per image of several", async (_, method) => {
    expect((await told(method, crossing, [1], 'argmax')).at(-1)).toBe(0);
    expect((await told(method, crossing, [0.25], 'argmax')).at(-1)).toBe(1);
    for (const batchSize of [1, 2, 8]) {
      const classes = await told(method, crossing, [1, 0, 2], 'argmax', { batchSize });
      expect(classes.at(-1)).toEqual([0, 1, 0]);
    }
  });

  test('what was given, if it was not argmax', async () => {
    for (const classIndex of [1, [1], { for: 0, against: 1 }, [[0, 1]]] as ClassIndex[]) {
      expect((await told(vanillaGradient, crossing, [1], classIndex)).at(-1)).toEqual(classIndex);
    }
  });

  test('the "no" of a binary model; a mixture stays argmax', async () => {
    expect((await told(vanillaGradient, binary, [-1], 'argmax')).at(-1)).toEqual({ against: 0 });
    expect((await told(vanillaGradient, binary, [1, 2], 'argmax')).at(-1)).toEqual([0, 0]);
    expect((await told(vanillaGradient, binary, [1, -1], 'argmax')).at(-1)).toBe('argmax');
  });

  test('smoothing: of the clean input, in progress and in steps', async () => {
    const options = { samples: 3, stdDev: 5, seed: 1 };
    expect(await told({ async: smoothGradAsync }, crossing, [1], 'argmax', options)).toEqual([
      0, 0, 0,
    ]);
    const smoothed = smooth(integratedGradients);
    expect((await told(smoothed, crossing, [1, 0], 'argmax', options)).at(-1)).toEqual([0, 1]);
    const steps = await stepsOf(smoothGradSteps(crossing, tf.ones([1, 1]), 'argmax', options));
    expect(steps.map(({ classIndex }) => classIndex)).toEqual([0, 0, 0]);
    const own = { ...options, perSampleArgmax: true };
    expect((await told({ async: smoothGradAsync }, crossing, [1], 'argmax', own)).at(-1)).toBe(
      'argmax',
    );
  });
});
