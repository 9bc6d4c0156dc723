// Oracle: the same call in one batch and in several, synchronous and not; tensors are counted.
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import type { Attribution, ClassIndex, Progress } from 'tfjs-saliency';
import {
  ablationCam,
  deconvnet,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  guidedGradCam,
  hiResCam,
  layerCam,
  scoreCam,
  smooth,
  xGradCam,
} from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from '../method/expectClose.js';

const METHODS = (
  [
    gradCam,
    gradCamPlusPlus,
    layerCam,
    hiResCam,
    xGradCam,
    eigenCam,
    scoreCam,
    ablationCam,
    guidedGradCam,
    deconvnet,
  ] as Attribution[]
).map((method) => [method.name, method] as const);

const CLASSES: ClassIndex[] = [
  'argmax',
  1,
  [0, 2],
  [
    [1, 2],
    [3, 3],
  ],
];

describeOnEachBackend('a call of', () => {
  const model = () =>
    sequential({
      layers: [
        tfl.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, activation: 'relu' }),
        tfl.globalAveragePooling2d({}),
        tfl.dense({ units: 5, activation: 'softmax' }),
      ],
    });
  let net: ReturnType<typeof model>;
  let x: tf.Tensor;

  beforeAll(() => {
    net = model();
    x = tf.randomNormal([2, 8, 8, 3], 0, 1, 'float32', 1);
  });

  test.each(METHODS)('%s leaves its result only, whatever the batches are', async (_, method) => {
    for (const classIndex of CLASSES) {
      expectNoLeak(() => method(net, x, classIndex));
      const before = tf.memory().numTensors;
      const asynchronous = await method.async(net, x, classIndex, { batchSize: 3 });
      expect(tf.memory().numTensors).toBe(before + 1);
      const one = method(net, x, classIndex, { batchSize: 1 });
      expect(one.shape).toEqual(asynchronous.shape);
      expectClose(asynchronous, one.dataSync(), 1e-5);
      tf.dispose([asynchronous, one]);
    }
  });

  test.each(METHODS)('smooth(%s) without noise is the map itself', (_, method) => {
    const options = { samples: 3, noiseLevel: 0 };
    const expected = method(net, x, 'argmax');
    for (const perSampleArgmax of [false, true]) {
      const smoothed = smooth(method)(net, x, 'argmax', { ...options, perSampleArgmax });
      expectClose(smoothed, expected.dataSync(), 1e-5);
      smoothed.dispose();
      expectNoLeak(() => smooth(method)(net, x, 'argmax', { ...options, perSampleArgmax }));
    }
  });

  test.each([
    ['scoreCam', scoreCam],
    ['ablationCam', ablationCam],
  ] as const)('%s tells its progress and can be aborted', async (_, method) => {
    const told: Progress[] = [];
    const onProgress = (progress: Progress) => told.push(progress);
    const map = await method.async(net, x, 1, { batchSize: 2, maxChannels: 3, onProgress });
    map.dispose();
    const last = told.at(-1)!;
    expect(last.done).toBe(last.total);
    expect(told.every(({ total }) => total >= 6 && total <= 10)).toBe(true);
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const aborted = method.async(net, x, 1, {
      batchSize: 2,
      onProgress: () => {
        controller.abort();
      },
      signal: controller.signal,
    });
    await expect(aborted).rejects.toThrow(/abort/i);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a fixed batch is filled up', () => {
    const fixed = sequential({
      layers: [
        tfl.conv2d({
          batchInputShape: [3, 8, 8, 3],
          filters: 4,
          kernelSize: 3,
          activation: 'relu',
          weights: net.layers[0]!.getWeights(),
        }),
        tfl.globalAveragePooling2d({}),
        tfl.dense({ units: 5, activation: 'softmax', weights: net.layers[2]!.getWeights() }),
      ],
    });
    for (const method of [scoreCam, ablationCam, gradCam]) {
      expectClose(method(fixed, x, 1), method(net, x, 1).dataSync(), 1e-5);
    }
  });
});
