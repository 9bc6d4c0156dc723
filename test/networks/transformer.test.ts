// A vision transformer with fixed random weights. Oracles as for the convolutional networks.
import * as tf from '@tensorflow/tfjs-core';
import '../backends.js';
import { SIZE } from './architectures/transformer.js';
import { distance, gradientOf, imageOf, slopeError } from './compare.js';
import { transformerFunction, transformerGraph } from './transformerForms.js';
import { Weights } from './weights.js';

test('the gradient of a vision transformer', async () => {
  await tf.setBackend('wasm');
  const weights = new Weights();
  const x = imageOf(SIZE);
  const gradient = gradientOf(transformerFunction(weights), x);
  const graph = transformerGraph(weights);
  for (const seed of [1, 2, 3]) expect(slopeError(graph, x, gradient, seed)).toBeLessThan(0.005);

  for (const backend of ['wasm', 'cpu'] as const) {
    await tf.setBackend(backend);
    const image = imageOf(SIZE);
    expect(distance(gradientOf(transformerFunction(weights), image), gradient)).toBeLessThan(1e-4);
    expect(distance(gradientOf(transformerGraph(weights), image), gradient)).toBeLessThan(1e-4);
  }
});
