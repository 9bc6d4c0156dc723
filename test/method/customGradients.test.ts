// Oracle: closed forms of gradients that are the user's own: straight-through, guided, constants.
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import {
  GradientError,
  gradientTimesInput,
  guidedBackprop,
  integratedGradients,
  smoothGrad,
  vanillaGradient,
} from 'tfjs-saliency';
import type { CustomGradients, Model } from 'tfjs-saliency';
import { random } from '../conformance/case.js';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from './expectClose.js';
import { expectError } from './expectError.js';

const W = [0.5, -1.25, 3];
const weighted = (f: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) =>
  tf.reshape(tf.sum(tf.mul(f(x), tf.tensor1d(W)), 1), [-1, 1]);

const straightThrough = (dy: tf.Tensor | tf.Tensor[]) => ({ x: () => dy as tf.Tensor });

/** As guided backpropagation has it, in the form that tf.registerGradient takes. */
const guidedRelu: tf.GradConfig = {
  kernelName: 'Relu',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({ x: () => tf.mul(tf.relu(dy as tf.Tensor), tf.step(x!)) }),
};

describeOnEachBackend('the option gradients', (backend) => {
  const x = () => tf.tensor1d([0.3, -2.2, 1.6]);

  test('gives an op that has none a gradient: straight through a floor, in every method', () => {
    const model = weighted(tf.floor);
    for (const gradients of [
      { Floor: straightThrough },
      { Floor: { gradFunc: straightThrough } },
    ] as CustomGradients[]) {
      expectClose(vanillaGradient(model, x(), 0, { gradients }), W);
      expectClose(smoothGrad(model, x(), 0, { gradients, samples: 2, seed: 1 }), W);
      const product = W.map((weight, i) => weight * [0.3, -2.2, 1.6][i]!);
      expectClose(gradientTimesInput(model, x(), 0, { gradients }), product);
      expectClose(integratedGradients(model, x(), 0, { gradients, steps: 3 }), product);
      expectClose(guidedBackprop(model, x(), 0, { gradients }), W);
    }
    expectError(
      () => vanillaGradient(model, x(), 0),
      GradientError,
      `vanillaGradient: the score does not depend on the input on backend '${backend}': every path between them ends in an op without a gradient (Floor); return a value that tfjs ops compute from the input`,
    );
  });

  const gradients = { Relu: guidedRelu };
  const image = () => tf.tensor(random(2 * 5 * 5 * 2, 5), [2, 5, 5, 2]);
  const filter = () => tf.tensor(random(3 * 3 * 2 * 4, 6), [3, 3, 2, 4]) as tf.Tensor4D;
  const head = (y: tf.Tensor) => {
    const rows = tf.reshape(y, [y.shape[0]!, -1]) as tf.Tensor2D;
    return tf.matMul(rows, tf.tensor2d(random(rows.shape[1] * 3, 8), [rows.shape[1], 3]));
  };
  const convolved = (input: tf.Tensor) => tf.conv2d(input as tf.Tensor4D, filter(), 1, 'same');

  const RECTIFIED: [string, () => Model][] = [
    ['a plain ReLU', () => (input) => head(tf.relu(convolved(input)))],
    [
      'the one fused with a convolution',
      () => (input) =>
        head(
          tf.fused.conv2d({
            x: input as tf.Tensor4D,
            filter: filter(),
            strides: 1,
            pad: 'same',
            activation: 'relu',
          }),
        ),
    ],
    [
      'the one fused with a matrix product',
      () => (input) => {
        const a = tf.reshape(input, [-1, 50]) as tf.Tensor2D;
        return head(
          tf.fused.matMul({
            a,
            b: tf.tensor2d(random(50 * 6, 9), [50, 6]),
            activation: 'relu',
          }),
        );
      },
    ],
    [
      'a ReLU and a clip, which is how a LayersModel has ReLU6',
      () =>
        sequential({
          layers: [
            tfl.conv2d({
              inputShape: [5, 5, 2],
              filters: 4,
              kernelSize: 3,
              padding: 'same',
              useBias: false,
              weights: [tf.mul(filter(), 9)],
            }),
            tfl.reLU({ maxValue: 6 }),
            tfl.flatten(),
            tfl.dense({
              units: 3,
              useBias: false,
              weights: [tf.tensor2d(random(100 * 3, 8), [100, 3])],
            }),
          ],
        }),
    ],
    [
      'one behind a convolution and a batch normalization',
      () => (input) =>
        head(
          tf.relu(
            tf.batchNorm(
              convolved(input) as tf.Tensor4D,
              tf.tensor1d(random(4, 1)),
              tf.tensor1d([1, 2, 0.5, 1]),
            ),
          ),
        ),
    ],
  ];

  test.each(RECTIFIED)('serves %s: as guidedBackprop, which is another map', (_, build) => {
    const model = build();
    const map = vanillaGradient(model, image(), [1, 2], { gradients });
    expectClose(map, guidedBackprop(model, image(), [1, 2]).dataSync());
    expect([...map.dataSync()]).not.toEqual([
      ...vanillaGradient(model, image(), [1, 2]).dataSync(),
    ]);
  });

  test('hands a gradFunc alone all inputs and then all outputs, and the attributes', () => {
    const seen: number[][] = [];
    const model = (input: tf.Tensor) =>
      tf.reshape(tf.sum(tf.mul(input, tf.tensor2d([[2, 3]])), 1), [-1, 1]);
    const Multiply = (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => {
      seen.push(...saved.map((tensor) => [...tensor.dataSync()]));
      return { a: () => tf.mul(dy as tf.Tensor, -7) };
    };
    const at = tf.tensor1d([5, 11]);
    expectClose(vanillaGradient(model, at, 0, { gradients: { Multiply } }), [-7, -7]);
    expect(seen).toEqual([
      [5, 11],
      [2, 3],
      [10, 33],
    ]);
    const attrs: object[] = [];
    const LeakyRelu = (dy: tf.Tensor | tf.Tensor[], _: tf.Tensor[], given: object) => {
      attrs.push(given);
      return { features: () => dy as tf.Tensor, x: () => dy as tf.Tensor };
    };
    const leaky = weighted((input) => tf.leakyRelu(input, 0.25));
    expectClose(vanillaGradient(leaky, x(), 0, { gradients: { LeakyRelu } }), W);
    expect(attrs).toEqual([{ alpha: 0.25 }]);
  });

  test('hands a config what it asks to have saved', () => {
    const seen: number[][] = [];
    const Exp: tf.GradConfig = {
      kernelName: 'Exp',
      outputsToSave: [true],
      gradFunc: (dy, saved) => {
        seen.push(...saved.map((tensor) => [...tensor.dataSync()]));
        return { x: () => tf.mul(dy as tf.Tensor, saved[0]!) };
      },
    };
    const at = [0, 1, -1];
    const map = vanillaGradient(weighted(tf.exp), tf.tensor1d(at), 0, { gradients: { Exp } });
    expectClose(
      map,
      at.map((value, i) => W[i]! * Math.exp(value)),
    );
    expect(seen).toHaveLength(1);
  });

  test('changes nothing outside of its call, and leaves nothing', () => {
    const model = weighted(tf.relu);
    const input = x();
    const expected = vanillaGradient(model, input, 0).dataSync();
    const weights = tf.tensor1d(W);
    const owned = (rows: tf.Tensor) =>
      tf.reshape(tf.sum(tf.mul(tf.relu(rows), weights), 1), [-1, 1]);
    expectNoLeak(() => vanillaGradient(owned, input, 0, { gradients }));
    expectNoLeak(() => smoothGrad(owned, input, 0, { gradients, samples: 3 }));
    expectClose(vanillaGradient(model, input, 0), expected);
    const Relu = () => {
      throw new Error('out of luck');
    };
    const before = tf.memory().numTensors;
    expect(() => vanillaGradient(owned, input, 0, { gradients: { Relu } })).toThrow('out of luck');
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    [7, 'gradients must be gradients by kernel name, got 7'],
    [[], 'gradients must be gradients by kernel name, got []'],
    [
      { Relu: true },
      'gradients.Relu must be a gradFunc, or a config with one as tf.registerGradient takes, got true',
    ],
    [
      { Relu: { kernelName: 'Relu' } },
      'gradients.Relu must be a gradFunc, or a config with one as tf.registerGradient takes, got { kernelName }',
    ],
    [
      { Relu: undefined },
      'gradients.Relu must be a gradFunc, or a config with one as tf.registerGradient takes, got undefined',
    ],
    [{ relu: straightThrough }, "gradients must be named by kernels, such as 'Relu', got 'relu'"],
  ])('refuses %p before the model runs', (wrong, message) => {
    const model = () => {
      throw new Error('the model ran');
    };
    const kind = message.includes('named by') ? RangeError : TypeError;
    expectError(
      () => vanillaGradient(model, x(), 0, { gradients: wrong as CustomGradients }),
      kind,
      `vanillaGradient: ${message}`,
    );
  });
});

describeOnEachBackend('tf.registerGradient', (backend) => {
  const x = () => tf.tensor1d([0.3, -0.8, 1.6]);

  /** Runs with a gradient registered in tfjs, and puts back the one before. */
  function withRegistered(config: tf.GradConfig, run: () => void): void {
    const before = tf.getGradient(config.kernelName) as tf.GradConfig | undefined;
    if (before !== undefined) tf.unregisterGradient(config.kernelName);
    tf.registerGradient(config);
    try {
      run();
    } finally {
      tf.unregisterGradient(config.kernelName);
      if (before !== undefined) tf.registerGradient(before);
    }
  }

  // tfjs does not tell which gradients are the application's, and its own are not always right.
  test('is not asked for an op that the library knows: Erf', () => {
    const Erf: tf.GradConfig = {
      kernelName: 'Erf',
      gradFunc: (dy) => ({ x: () => tf.mul(dy as tf.Tensor, 7) }),
    };
    withRegistered(Erf, () => {
      const slope = [0.3, -0.8, 1.6].map(
        (at, i) => (W[i]! * 2 * Math.exp(-(at ** 2))) / Math.sqrt(Math.PI),
      );
      expectClose(vanillaGradient(weighted(tf.erf), x(), 0), slope, 1e-5);
      expectClose(
        vanillaGradient(weighted(tf.erf), x(), 0, { gradients: { Erf } }),
        W.map((weight) => 7 * weight),
      );
    });
  });

  test('nor for one that is constant: Floor', () => {
    withRegistered({ kernelName: 'Floor', gradFunc: straightThrough }, () => {
      expect(() => vanillaGradient(weighted(tf.floor), x(), 0)).toThrow(GradientError);
    });
  });

  test('is for an op that the library does not know', () => {
    const kernelName = 'Fivefold';
    tf.registerKernel({
      kernelName,
      backendName: backend,
      kernelFunc: ({ inputs }) => tf.mul(inputs['x'] as tf.Tensor, 5),
    });
    try {
      const fivefold = (input: tf.Tensor): tf.Tensor =>
        tf.engine().runKernel(kernelName, { x: input });
      const config: tf.GradConfig = {
        kernelName,
        gradFunc: (dy) => ({ x: () => tf.mul(dy as tf.Tensor, 5) }),
      };
      const expected = W.map((weight) => 5 * weight);
      const model = weighted(fivefold);
      expect(() => vanillaGradient(model, x(), 0)).toThrow(GradientError);
      withRegistered(config, () => {
        expectClose(vanillaGradient(model, x(), 0), expected);
        expectClose(smoothGrad(model, x(), 0, { samples: 2, seed: 1 }), expected);
        const Fivefold = (dy: tf.Tensor | tf.Tensor[]) => ({ x: () => tf.neg(dy as tf.Tensor) });
        expectClose(
          vanillaGradient(model, x(), 0, { gradients: { Fivefold } }),
          W.map((weight) => -weight),
        );
      });
    } finally {
      tf.unregisterKernel(kernelName, backend);
    }
  });
});
