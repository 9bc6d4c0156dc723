// Oracle: the layer's own states, and what predict returns, before a call; and for a map the same
// call once more.
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';
import {
  integratedGradients,
  smoothGrad,
  smoothGradAsync,
  smoothGradSteps,
  vanillaGradient,
} from 'tfjs-saliency';
import { random } from '../conformance/case.js';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from './expectClose.js';

const STEPS = 3;
const FEATURES = 4;
const UNITS = 5;

type Recurrent = Sequential['layers'][0] & { getStates?: unknown; states_: tf.Tensor[] | null };

describeOnEachBackend('a model that remembers its last batch', () => {
  const x = () => tf.tensor(random(STEPS * FEATURES, 1), [1, STEPS, FEATURES]);
  const LAYERS: [string, (units: number) => Sequential['layers'][0]][] = [
    ['simpleRNN', (units) => tfl.simpleRNN({ units, ...OPTIONS })],
    ['LSTM', (units) => tfl.lstm({ units, ...OPTIONS })],
    ['GRU', (units) => tfl.gru({ units, ...OPTIONS })],
    [
      'a bidirectional GRU',
      (units) =>
        tfl.bidirectional({
          layer: tfl.gru({ units, ...OPTIONS }) as never,
          mergeMode: 'concat',
          batchInputShape: [1, STEPS, FEATURES],
        }),
    ],
  ];
  const OPTIONS = {
    stateful: true,
    // The default one, an orthogonal matrix, needs tfjs's chained ops.
    recurrentInitializer: 'zeros' as const,
    batchInputShape: [1, STEPS, FEATURES] as [number, number, number],
  };

  function build(make: (typeof LAYERS)[0][1]): Sequential {
    const model = sequential({ layers: [make(UNITS), tfl.dense({ units: 3 })] });
    model.layers.forEach((layer, i) => {
      const weights = layer
        .getWeights()
        .map((weight, j) => tf.tensor(random(weight.size, 10 * i + j), weight.shape));
      layer.setWeights(weights);
    });
    return model;
  }

  const recurrentOf = (model: Sequential): Recurrent[] => {
    const layer = model.layers[0] as Recurrent & {
      forwardLayer?: Recurrent;
      backwardLayer?: Recurrent;
    };
    const { forwardLayer, backwardLayer } = layer;
    return forwardLayer === undefined ? [layer] : [forwardLayer, backwardLayer!];
  };
  const statesOf = (model: Sequential) =>
    recurrentOf(model).map(({ states_ }) => states_?.map((state) => [...state.dataSync()]));
  const predict = (model: Sequential) => [...(model.predict(x()) as tf.Tensor).dataSync()];

  describe.each(LAYERS)('%s', (_, make) => {
    test('keeps what it remembers, whatever is computed', async () => {
      const model = build(make);
      const input = x();
      predict(model); // something to remember
      const before = statesOf(model);
      expect(before[0]?.[0]?.some((value) => value !== 0)).toBe(true);
      const counts = tf.memory().numTensors;
      const CALLS: (() => tf.Tensor | Promise<tf.Tensor>)[] = [
        () => vanillaGradient(model, input, 1),
        () => smoothGrad(model, input, 'argmax', { samples: 3 }),
        () => smoothGradAsync(model, input, 1, { samples: 3 }),
        () => integratedGradients(model, input, 'argmax', { steps: 3 }),
      ];
      for (const call of CALLS) {
        (await call()).dispose();
        expect(statesOf(model)).toEqual(before);
        expect(tf.memory().numTensors).toBe(counts);
      }
    });

    test('gives the same map for the same seed, and predicts afterwards as it would have', () => {
      const model = build(make);
      const twin = build(make);
      predict(model);
      predict(twin);
      const options = { samples: 4, seed: 7 };
      const maps = [1, 2].map(() => [...smoothGrad(model, x(), 1, options).dataSync()]);
      expect(maps[1]).toEqual(maps[0]);
      expect(predict(model)).toEqual(predict(twin));
    });

    test('the map is the gradient at what it remembers: by finite differences', () => {
      const model = build(make);
      predict(model);
      const gradient = vanillaGradient(model, x(), 1);
      const states = recurrentOf(model).map(({ states_ }) =>
        states_!.map((state) => tf.clone(state)),
      );
      const h = 1e-2;
      const scoreAt = (i: number, offset: number): number => {
        recurrentOf(model).forEach((layer, l) => {
          layer.states_ = states[l]!.map((state) => tf.keep(tf.clone(state)));
        });
        const values = x().dataSync();
        values[i]! += offset;
        const y = model.predict(tf.tensor(values, [1, STEPS, FEATURES])) as tf.Tensor;
        return y.dataSync()[1]!;
      };
      const slopes = Array.from(
        { length: STEPS * FEATURES },
        (__, i) => (scoreAt(i, h) - scoreAt(i, -h)) / (2 * h),
      );
      expectClose(gradient, slopes, 5e-3);
    });

    test('also after an error and after an abort', async () => {
      const model = build(make);
      const twin = build(make);
      [model, twin].forEach(predict);
      const before = statesOf(model);
      const input = x();
      const counts = tf.memory().numTensors;
      const score = () => {
        throw new Error('out of luck');
      };
      expect(() => vanillaGradient(model, input, 1, { score })).toThrow('out of luck');
      expect(() => smoothGrad(model, input, 1, { score })).toThrow('out of luck');
      const controller = new AbortController();
      const onProgress = () => {
        controller.abort('enough');
      };
      const { signal } = controller;
      await expect(
        smoothGradAsync(model, input, 1, { samples: 9, signal, onProgress }),
      ).rejects.toBe('enough');
      for await (const { map } of smoothGradSteps(model, input, 1, { samples: 9 })) {
        map.dispose();
        break;
      }
      expect(statesOf(model)).toEqual(before);
      expect(tf.memory().numTensors).toBe(counts);
      expect(predict(model)).toEqual(predict(twin));
    });

    test('that remembers nothing yet has nothing to remember afterwards', () => {
      const model = build(make);
      const before = recurrentOf(model).map(({ states_ }) => states_ ?? null);
      vanillaGradient(model, x(), 1).dispose();
      expect(recurrentOf(model).map(({ states_ }) => states_ ?? null)).toEqual(before);
      expect(predict(model)).toEqual(predict(build(make)));
    });
  });
});
