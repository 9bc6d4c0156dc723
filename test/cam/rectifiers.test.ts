// Oracles: guided backpropagation and deconvolution by hand, and PyTorch's autograd with functions in
// place of the rectifiers (rectifiers.py).
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deconvnet, guidedBackprop, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from '../method/expectClose.js';

interface Values {
  readonly shape: number[];
  readonly data: number[];
}

interface Golden {
  readonly parameters: Record<'first' | 'firstBias' | 'second' | 'secondBias' | 'dense', Values>;
  readonly x: Values;
  readonly maps: Record<'gradient' | 'guided' | 'deconvolution', Values>;
}

const golden = JSON.parse(readFileSync(path.join(__dirname, 'rectifiers.json'), 'utf8')) as Golden;

const tensorOf = <T extends Tensor>({ data, shape }: Values): T => tf.tensor(data, shape) as T;

/** Forms of relu6. */
const CEILINGS: [string, (x: Tensor4D) => Tensor4D][] = [
  ['relu6', (x) => tf.relu6(x)],
  ['a rectifier and a clip', (x) => tf.clipByValue(tf.relu(x), 0, 6)],
  ['a clip', (x) => tf.clipByValue(x, 0, 6)],
];

describeOnEachBackend('other ways back through rectifiers', () => {
  const W1 = [
    [1, -2, 0.5],
    [3, 1, -1],
  ];
  const W2 = [2, -1, 4];
  const x = [1, 1];
  const hidden = W1[0]!.map((_, j) => W1.reduce((sum, row, i) => sum + row[j]! * x[i]!, 0));

  const oneLayer = (activation: (z: Tensor) => Tensor) => (input: Tensor) =>
    tf.tidy(() => {
      const y = activation(tf.matMul(input as Tensor2D, tf.tensor2d(W1)));
      return tf.matMul(y as Tensor2D, tf.tensor2d(W2, [3, 1]));
    });
  const back = (signals: number[]) =>
    W1.map((row) => row.reduce((sum, w, j) => sum + w * signals[j]!, 0));

  test('one hidden layer by hand', () => {
    expect(hidden).toEqual([4, -1, -0.5]);
    const relu = oneLayer(tf.relu);
    const input = tf.tensor1d(x);
    expectClose(guidedBackprop(relu, input, 0), back([2, 0, 0]));
    expectClose(deconvnet(relu, input, 0), back([2, 0, 4]));
    const maximum = oneLayer((z) => tf.maximum(z, 0));
    expectClose(deconvnet(maximum, input, 0), back([2, 0, 4]));
  });

  test("relu6's ceiling is a gate that only the deconvolution ignores", () => {
    const relu6 = oneLayer((z) => tf.relu6(tf.mul(z, 2)));
    const input = tf.tensor1d(x);
    expectClose(guidedBackprop(relu6, input, 0), [0, 0]);
    expectClose(deconvnet(relu6, input, 0), back([4, 0, 8]));
  });

  test('without rectifiers, both are the gradient', () => {
    const smooth = oneLayer(tf.tanh);
    const gradient = vanillaGradient(smooth, tf.tensor1d(x), 0).dataSync();
    expectClose(guidedBackprop(smooth, tf.tensor1d(x), 0), gradient);
    expectClose(deconvnet(smooth, tf.tensor1d(x), 0), gradient);
  });

  test.each(CEILINGS)('a residual network with fused rectifiers and %s', (_, ceiling) => {
    const { parameters } = golden;
    const network = (input: Tensor) =>
      tf.tidy(() => {
        const options = { strides: 1, pad: 'same', activation: 'relu' } as const;
        const y = tf.fused.conv2d({
          ...options,
          x: input as Tensor4D,
          filter: tensorOf<Tensor4D>(parameters.first),
          bias: tensorOf(parameters.firstBias),
        });
        const z = tf.add(
          tf.conv2d(y, tensorOf<Tensor4D>(parameters.second), 1, 'same'),
          tensorOf(parameters.secondBias),
        );
        const pooled = tf.maxPool(ceiling(tf.add(z, y)), 2, 2, 'valid');
        const rows = tf.reshape(pooled, [input.shape[0]!, -1]) as Tensor2D;
        return tf.matMul(rows, tensorOf<Tensor2D>(parameters.dense));
      });
    const input = tensorOf(golden.x);
    const { gradient, guided, deconvolution } = golden.maps;
    expectClose(vanillaGradient(network, input, 1), gradient.data, 1e-5);
    expectClose(guidedBackprop(network, input, 1), guided.data, 1e-5);
    expectClose(deconvnet(network, input, 1), deconvolution.data, 1e-5);
  });
});
