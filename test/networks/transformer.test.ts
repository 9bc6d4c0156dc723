// A vision transformer with fixed random weights. Oracles as for the convolutional networks.
import * as tf from '@tensorflow/tfjs-core';
import '../backends.js';
import { SIZE } from './architectures/transformer.js';
import { distance, gradientOf, imageOf, slopeError } from './compare.js';
import { transformerFunction, transformerGraph } from './transformerForms.js';
import { transformerLayers } from './transformerLayers.js';
import { Weights } from './weights.js';

const READS = ['classToken', 'mean'] as const;

test.each(READS)('the gradient of a vision transformer whose head reads %s', async (read) => {
  await tf.setBackend('wasm');
  const weights = new Weights();
  const x = imageOf(SIZE);
  const gradient = gradientOf(transformerFunction(weights, read), x);
  const graph = transformerGraph(weights, read);
  for (const seed of [1, 2, 3]) expect(slopeError(graph, x, gradient, seed)).toBeLessThan(0.005);

  for (const backend of ['wasm', 'cpu'] as const) {
    await tf.setBackend(backend);
    const image = imageOf(SIZE);
    for (const form of [transformerFunction, transformerGraph, transformerLayers]) {
      expect(distance(gradientOf(form(weights, read), image), gradient)).toBeLessThan(1e-4);
    }
  }
});
