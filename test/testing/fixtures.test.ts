// Oracles: the fixtures' own closed forms, which the library's maps have to be.
import * as tf from '@tensorflow/tfjs-core';
import {
  aggregateChannels,
  createPreprocessing,
  hiResCam,
  integratedGradients,
  pointingGame,
  relevanceMass,
  smoothGrad,
  vanillaGradient,
} from 'tfjs-saliency';
import {
  checkerboard,
  colorRamp,
  imageOf,
  linearModel,
  quadraticModel,
  saliencyMatchers,
  spotImage,
  spotModel,
  tensorsLeft,
} from 'tfjs-saliency/testing';
import { describeOnEachBackend } from '../backends.js';

expect.extend(saliencyMatchers);

const plain = (data: number[], shape: number[]) => ({ data, shape });

describeOnEachBackend('fixtures', () => {
  test('a linear model has its weights as map, of each class', () => {
    const weights = [plain([1, -2, 3, 4], [2, 2, 1]), plain([0, 1, 0, -1], [2, 2, 1])];
    const model = linearModel(...weights);
    const x = tf.tensor3d([1, 2, 3, 4], [2, 2, 1]);
    weights.forEach((weight, i) => {
      expect(vanillaGradient(model, x, i)).toBeCloseToMap(weight, { relative: 0 });
      expect(smoothGrad(model, x, i, { samples: 3 })).toBeCloseToMap(weight);
    });
    expect([...model(tf.expandDims(x, 0)).dataSync()]).toEqual([22, -2]);
  });

  test('a quadratic model has curvature x + slope as gradient', () => {
    const model = quadraticModel(plain([1, -2, 3], [3]), plain([0.5, 0, -1], [3]));
    const x = tf.tensor1d([1, 2, 3]);
    expect(vanillaGradient(model, x, 0)).toBeCloseToMap(plain([1.5, -4, 8], [3]));
    expect(integratedGradients(model, x, 0)).toBeCloseToMap(plain([1, -4, 10.5], [3]));
  });

  test('a spot model lights its spot, whatever the method', () => {
    const model = spotModel({ at: { x: 9, y: 20 }, radius: 5 });
    expect(model.box).toEqual({ x: 4, y: 15, width: 10, height: 10 });
    const preprocess = createPreprocessing({ inputSize: [32, 32], scale: 1 / 255 });
    const map = aggregateChannels(vanillaGradient(model, colorRamp(), 0, { preprocess }));
    expect(map).toPointAt(model.box);
    expect(relevanceMass(map, model.mask)).toBe(1);
    const rest = aggregateChannels(vanillaGradient(model, colorRamp(), 1, { preprocess }));
    expect(relevanceMass(rest, model.mask)).toBe(0);
    const cam = hiResCam(model, colorRamp(), 0, { preprocess });
    expect(cam).toBeFinite();
    expect(pointingGame(cam, model.box)).toBe(true);
  });

  test('images have their formula', () => {
    expect([
      ...checkerboard(2, { width: 4, height: 3 }).data.filter((_, i) => i % 4 === 0),
    ]).toEqual([0, 0, 255, 255, 0, 0, 255, 255, 255, 255, 0, 0]);
    const image = imageOf((x, y) => [x, y, 7], { width: 3, height: 2 });
    expect([...image.data.slice(-4)]).toEqual([2, 1, 7, 255]);
    const white = spotImage({ x: 2, y: 2 }, 1, { width: 4, height: 4 }).data;
    expect(white.filter((value, i) => i % 4 === 0 && value === 255)).toHaveLength(4);
  });

  test('tensorsLeft counts what is left, of promises too', async () => {
    expect(tensorsLeft(() => undefined)).toBe(0);
    expect(tensorsLeft(() => tf.ones([2]))).toBe(1);
    expect(await tensorsLeft(() => Promise.resolve(tf.ones([2])))).toBe(1);
  });

  test('fixtures own no tensors', () => {
    const build = () => {
      linearModel(plain([1], [1]));
      spotModel();
    };
    expect(build).toLeaveNoTensors();
  });
});

describeOnEachBackend('matchers', () => {
  const map = () => tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const failure = (assertion: () => void): string => {
    try {
      assertion();
    } catch (error) {
      return (error as Error).message;
    }
    return 'none';
  };

  test('toBeCloseToMap looks at shape, difference and correlation', () => {
    expect(map()).toBeCloseToMap(plain([1, 2, 3, 4], [2, 2]));
    expect(map()).not.toBeCloseToMap(tf.ones([2, 2, 1]));
    expect(map()).not.toBeCloseToMap(plain([1, 2, 3, 4.1], [2, 2]));
    expect(map()).toBeCloseToMap(plain([1, 2, 3, 4.1], [2, 2]), { relative: 0.03 });
    expect(map()).toBeCloseToMap(plain([10, 20, 30, 40], [2, 2]), { correlation: 0.999 });
    expect(map()).not.toBeCloseToMap(plain([4, 3, 2, 1], [2, 2]), { correlation: 0 });
    expect(failure(() => expect(map()).toBeCloseToMap(plain([1, 2, 3, 5], [2, 2])))).toBe(
      'expected a map as near as relative 1e-5 asks; the greatest difference is 0.2 of the ' +
        'greatest number, the correlation 0.9827',
    );
  });

  test('toPointAt tells where the greatest value is', () => {
    const box = { x: 1, y: 1, width: 1, height: 1 };
    expect(map()).toPointAt(box);
    expect(tf.neg(map())).not.toPointAt(box);
    expect(failure(() => expect(tf.neg(map())).toPointAt(box))).toBe(
      'expected the greatest value inside {"x":1,"y":1,"width":1,"height":1}, it is at x 0, y 0',
    );
  });

  test('toBeFinite finds NaN and infinity', () => {
    expect(map()).toBeFinite();
    expect(tf.tensor1d([1, NaN])).not.toBeFinite();
    expect(failure(() => expect(tf.tensor1d([1, -Infinity])).toBeFinite())).toBe(
      'expected finite numbers, number 1 is -Infinity',
    );
  });

  test('toLeaveNoTensors takes functions, and waits for promises', async () => {
    expect(() => tf.ones([1])).not.toLeaveNoTensors();
    /* eslint-disable @typescript-eslint/await-thenable -- their types do not tell */
    await expect(() => Promise.resolve(tf.ones([1]))).not.toLeaveNoTensors();
    await expect(() => Promise.resolve()).toLeaveNoTensors();
    /* eslint-enable */
    expect(failure(() => expect(() => tf.ones([1])).toLeaveNoTensors())).toBe(
      'expected no tensor left, got 1',
    );
  });
});
