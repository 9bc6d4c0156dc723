// Oracle: the logits are the linear part of the model, whose weights the gradient must show to the
// bit.
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import type { Model } from 'tfjs-saliency';
import { vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import type { GraphNode } from '../model/graph.js';
import { constant, fused, graphModel, node, placeholder } from '../model/graph.js';

const W = [0.5, -1.25, 3, 0.1, 7, -2];
const X = [0.3, -0.2, 0.9];
/** Of class 1. */
const WEIGHTS = Float32Array.of(-1.25, 0.1, -2);

const kernel = () => tf.tensor2d(W, [3, 2]);
const bias = () => tf.tensor1d([0.5, -0.5]);

const dense = (activation: 'softmax' | 'sigmoid' | 'linear', inputShape?: number[]) =>
  tfl.dense({
    units: 2,
    activation,
    weights: [kernel(), bias()],
    ...(inputShape === undefined ? {} : { inputShape }),
  });

const layersModels: [string, () => Model][] = [
  ['Dense(softmax)', () => sequential({ layers: [dense('softmax', [3])] })],
  ['Dense(sigmoid)', () => sequential({ layers: [dense('sigmoid', [3])] })],
  [
    "Activation('softmax')",
    () => sequential({ layers: [dense('linear', [3]), tfl.activation({ activation: 'softmax' })] }),
  ],
  [
    "Activation('sigmoid')",
    () => sequential({ layers: [dense('linear', [3]), tfl.activation({ activation: 'sigmoid' })] }),
  ],
  ['Softmax', () => sequential({ layers: [dense('linear', [3]), tfl.softmax()] })],
  [
    'a Sequential in a Sequential',
    () => {
      const inner = sequential({ layers: [dense('softmax', [3])] });
      return sequential({
        layers: [tfl.inputLayer({ inputShape: [3] }), sequential({ layers: [inner] })],
      });
    },
  ],
  [
    'a Sequential head after a Sequential body',
    () => {
      const body = sequential({
        layers: [tfl.reshape({ targetShape: [3], inputShape: [1, 1, 3] })],
      });
      return sequential({ layers: [body, sequential({ layers: [dense('softmax', [3])] })] });
    },
  ],
  [
    'Softmax, then Reshape',
    () => sequential({ layers: [dense('softmax', [3]), tfl.reshape({ targetShape: [1, 1, 2] })] }),
  ],
  [
    'dropout before the head',
    () => sequential({ layers: [tfl.dropout({ rate: 0.5, inputShape: [3] }), dense('softmax')] }),
  ],
];

const toLogits: GraphNode[] = [
  placeholder('x', [-1, 3]),
  constant('w', W, [3, 2]),
  constant('b', [0.5, -0.5], [2]),
  node('z', '_FusedMatMul', ['x', 'w', 'b'], fused('BiasAdd')),
];
const toFourAxes = [constant('shape4', [-1, 1, 1, 2], [4], 'int32')];
const toTwoAxes = [constant('shape2', [-1, 2], [2], 'int32')];

const graphModels: [string, GraphNode[]][] = [
  ['Softmax', [...toLogits, node('p', 'Softmax', ['z'])]],
  ['Softmax, Identity', [...toLogits, node('p', 'Softmax', ['z']), node('y', 'Identity', ['p'])]],
  [
    'Softmax, Reshape, Identity',
    [
      ...toLogits,
      ...toFourAxes,
      node('p', 'Softmax', ['z']),
      node('r', 'Reshape', ['p', 'shape4']),
      node('y', 'Identity', ['r']),
    ],
  ],
  [
    'a convolution to logits, Squeeze, Softmax, as of MobileNetV1',
    [
      placeholder('x', [-1, 1, 1, 3]),
      constant('w', W, [1, 1, 3, 2]),
      constant('b', [0.5, -0.5], [2]),
      node('conv', '_FusedConv2D', ['x', 'w', 'b'], convolution('BiasAdd')),
      node('z', 'Squeeze', ['conv'], { squeeze_dims: { list: { i: ['1', '2'] } } }),
      node('p', 'Softmax', ['z']),
    ],
  ],
  [
    'Reshape, Softmax, Squeeze',
    [
      ...toLogits,
      ...toFourAxes,
      node('r', 'Reshape', ['z', 'shape4']),
      node('p', 'Softmax', ['r']),
      node('y', 'Squeeze', ['p'], { squeeze_dims: { list: { i: ['1', '2'] } } }),
    ],
  ],
  ['Sigmoid', [...toLogits, node('p', 'Sigmoid', ['z'])]],
  ['Sigmoid, Identity', [...toLogits, node('p', 'Sigmoid', ['z']), node('y', 'Identity', ['p'])]],
  [
    '_FusedMatMul with Sigmoid',
    [
      ...toLogits.slice(0, 3),
      node('p', '_FusedMatMul', ['x', 'w', 'b'], fused('BiasAdd', 'Sigmoid')),
    ],
  ],
  [
    '_FusedConv2D with Sigmoid, Reshape',
    [
      placeholder('x', [-1, 1, 1, 3]),
      constant('w', W, [1, 1, 3, 2]),
      constant('b', [0.5, -0.5], [2]),
      ...toTwoAxes,
      node('p', '_FusedConv2D', ['x', 'w', 'b'], convolution('BiasAdd', 'Sigmoid')),
      node('y', 'Reshape', ['p', 'shape2']),
    ],
  ],
];

function convolution(...ops: string[]): Record<string, object> {
  return {
    ...fused(...ops),
    strides: { list: { i: ['1', '1', '1', '1'] } },
    dilations: { list: { i: ['1', '1', '1', '1'] } },
    padding: { s: Buffer.from('VALID').toString('base64') },
    data_format: { s: Buffer.from('NHWC').toString('base64') },
    explicit_paddings: { list: {} },
  };
}

const logits = (x: tf.Tensor) => tf.add(tf.matMul(x as tf.Tensor2D, kernel()), bias());

const functions: [string, Model][] = [
  ['tf.softmax', (x) => tf.softmax(logits(x))],
  ['tf.sigmoid', (x) => tf.sigmoid(logits(x))],
  ['tf.softmax, then a clone of it', (x) => tf.clone(tf.softmax(logits(x)))],
  [
    'tf.softmax over a middle axis, moved to the end',
    (x) => tf.softmax(tf.reshape(logits(x), [-1, 1, 2])),
  ],
  [
    'fused matMul with sigmoid',
    (x) => tf.fused.matMul({ a: x, b: kernel(), bias: bias(), activation: 'sigmoid' }),
  ],
  ['tf.softmax in a tidy', (x) => tf.tidy(() => tf.softmax(logits(x)))],
  [
    'a LayersModel in a function',
    (x) => sequential({ layers: [dense('softmax', [3])] }).predict(x) as tf.Tensor,
  ],
];

/** X as the model takes it, with or without singleton axes. */
function inputFor(model: Model): tf.Tensor {
  const shape = typeof model === 'function' ? [1, 3] : model.inputs![0]!.shape!;
  return tf.tensor(X, [1, ...shape.slice(1)] as number[]);
}

function expectLogits(model: Model): void {
  const x = inputFor(model);
  expect(vanillaGradient(model, x, 1).dataSync()).toEqual(WEIGHTS);
  // A probability's gradient is another: the head is passed only when it is asked for.
  expect(vanillaGradient(model, x, 1, { score: 'output' }).dataSync()).not.toEqual(WEIGHTS);
}

describeOnEachBackend("score 'logit'", () => {
  test.each(layersModels)('LayersModel: %s', (_, model) => {
    expectLogits(model());
  });

  test.each(graphModels)('GraphModel: %s', (_, nodes) => {
    expectLogits(graphModel(nodes));
  });

  test.each(functions)('function: %s', (_, model) => {
    expectLogits(model);
  });

  test('leaves nothing behind for any kind of model', () => {
    const models = [
      ...layersModels.map(([, model]) => model()),
      ...graphModels.map(([, nodes]) => graphModel(nodes)),
    ];
    for (const model of models) {
      const x = inputFor(model);
      expectNoLeak(() => vanillaGradient(model, x, 1));
    }
  });

  test('a softmax in the middle of a model is no head', () => {
    const model = (x: tf.Tensor) => tf.mul(tf.softmax(logits(x)), [1, 100]);
    const inner = vanillaGradient((x) => tf.softmax(logits(x)), tf.tensor1d(X), 1, {
      score: 'output',
    }).dataSync();
    const outer = vanillaGradient(model, tf.tensor1d(X), 1).dataSync();
    inner.forEach((value, i) => {
      expect(outer[i]! / value).toBeCloseTo(100, 3);
    });
  });
});
