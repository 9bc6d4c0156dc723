// Oracle: rollout and Chefer's rule written out in plain numbers, of probabilities that the network
// gives up itself, and of their gradients as inputs of the network.
import * as tf from '@tensorflow/tfjs-core';
import { attentionRelevance, attentionRollout, vanillaGradient } from 'tfjs-saliency';
import '../backends.js';
import { expectClose } from '../method/expectClose.js';
import type { Read } from '../networks/architectures/transformer.js';
import { PATCH, SIZE, transformer } from '../networks/architectures/transformer.js';
import { imageOf } from '../networks/compare.js';
import { functionOps, transformerFunction } from '../networks/transformerForms.js';
import { Weights } from '../networks/weights.js';

const CLASS = 3;
const SIDE = SIZE / PATCH;
const READS: readonly Read[] = ['classToken', 'mean'];

type Matrix = readonly (readonly number[])[];

/** Computes the network while a layer's attention is a little more, and notes each layer's. */
function withAttention(weights: Weights, x: tf.Tensor, read: Read, layer = -1, more?: tf.Tensor) {
  const attention: tf.Tensor4D[] = [];
  const softmax = (scores: tf.Tensor): tf.Tensor => {
    const probabilities = tf.softmax(scores);
    if (scores.rank !== 4) return probabilities;
    attention.push(probabilities as tf.Tensor4D);
    return attention.length - 1 === layer ? tf.add(probabilities, more!) : probabilities;
  };
  const output = transformer({ ...functionOps, softmax }, weights.rewind(), x, read);
  return { output, attention };
}

/** Reads each layer's attention a and its gradient g, [heads][t][t]. */
function attentionOf(weights: Weights, x: tf.Tensor, read: Read) {
  const { attention } = withAttention(weights, x, read);
  return attention.map((layer, i) => {
    const network = (more: tf.Tensor) => withAttention(weights, x, read, i, more).output;
    const gradient = vanillaGradient(network, tf.zerosLike(layer), CLASS, { score: 'output' });
    return { a: layer.arraySync()[0]!, g: (gradient as tf.Tensor4D).arraySync()[0]! };
  });
}

const mean = (matrices: readonly Matrix[]): Matrix =>
  matrices[0]!.map((row, i) =>
    row.map((_, j) => matrices.reduce((sum, matrix) => sum + matrix[i]![j]!, 0) / matrices.length),
  );

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));

const identity = (count: number): Matrix =>
  Array.from({ length: count }, (_, i) => Array.from({ length: count }, (__, j) => +(i === j)));

const combine = (a: Matrix, b: Matrix, each: (x: number, y: number) => number): Matrix =>
  a.map((row, i) => row.map((value, j) => each(value, b[i]![j]!)));

/** What the head reads of a product of all layers, of the patches. */
function patchesOf(matrix: Matrix, read: Read): number[] {
  if (read === 'classToken') return matrix[0]!.slice(1);
  return matrix[0]!.map((_, j) => matrix.reduce((sum, row) => sum + row[j]!, 0) / matrix.length);
}

const sum = (x: number, y: number): number => x + y;

describe.each(READS)('a transformer whose head reads %s', (read) => {
  const weights = new Weights();
  let x: tf.Tensor;
  let layers: ReturnType<typeof attentionOf>;

  beforeAll(async () => {
    await tf.setBackend('cpu');
    x = imageOf(SIZE);
    layers = attentionOf(weights, x, read);
  });

  test("rollout is the product of the layers' halves", () => {
    const all = layers.reduce((rolled, { a }) => {
      const half = combine(mean(a), identity(a[0]!.length), (p, i) => (p + i) / 2);
      return product(half, rolled);
    }, identity(layers[0]!.a[0]!.length));
    for (const row of all) expect(row.reduce(sum)).toBeCloseTo(1, 5);
    const map = attentionRollout(transformerFunction(weights, read), x, CLASS, { upsample: false });
    expect(map.shape).toEqual([1, SIDE, SIDE, 1]);
    expectClose(map, Float32Array.from(patchesOf(all, read)), 1e-5);
  });

  test('relevance is R + A R of what speaks for the class', () => {
    const count = layers[0]!.a[0]!.length;
    const all = layers.reduce((relevance, { a, g }) => {
      const positive = a.map((head, h) => combine(head, g[h]!, (p, d) => Math.max(0, p * d)));
      return combine(relevance, product(mean(positive), relevance), sum);
    }, identity(count));
    // Without what each token has of itself.
    const moved = combine(all, identity(count), (r, i) => r - i);
    const options = { upsample: false, score: 'output' } as const;
    const map = attentionRelevance(transformerFunction(weights, read), x, CLASS, options);
    const expected = patchesOf(moved, read);
    expect(Math.max(...expected)).toBeGreaterThan(2 * Math.min(...expected));
    expectClose(map, Float32Array.from(expected), 1e-4);
  });
});
