// Oracles: one form of a network against another; gradient times input for epsilon 0 and
// rectifiers; the change of the score for DeepLIFT.
import * as tf from '@tensorflow/tfjs-core';
import {
  attentionRelevance,
  attentionRollout,
  convergenceDelta,
  deepLift,
  gradientTimesInput,
  lrp,
} from 'tfjs-saliency';
import type { Model } from 'tfjs-saliency';
import '../backends.js';
import { ARCHITECTURES } from '../networks/architectures/index.js';
import { distance, imageOf } from '../networks/compare.js';
import { weightsOf } from '../networks/functionBuilder.js';
import { asGraphModel } from '../networks/graphBuilder.js';
import { asLayersModel } from '../networks/layersBuilder.js';
import { transformerFunction, transformerGraph } from '../networks/transformerForms.js';
import { transformerLayers } from '../networks/transformerLayers.js';
import { Weights } from '../networks/weights.js';

const CLASS = 3;
const RECTIFIED = ['VGG16', 'ResNet50', 'InceptionV3'];
const NAMES = RECTIFIED.concat('MobileNetV2', 'EfficientNet', 'DenseNet121');

const numbers = (map: tf.Tensor): Float32Array => map.dataSync() as Float32Array;
const scoreOf = (model: Model, x: tf.Tensor): number =>
  ((typeof model === 'function' ? model(x) : model.predict(x)) as tf.Tensor).dataSync()[CLASS]!;

/** Compares what a method gives of two forms of a model. */
function expectSame(forms: readonly Model[], attribute: (model: Model) => tf.Tensor): void {
  const [first, second] = forms.map((model) => numbers(attribute(model))) as [
    Float32Array,
    Float32Array,
  ];
  expect(first.some((number) => number !== 0)).toBe(true);
  expect(distance(second, first)).toBeLessThan(1e-4);
}

/**
 * Compares DeepLIFT's sum with the change of the score: of the model's own predictions where tfjs's
 * kernels compute both, of the library's passes where its kernels do. The two round differently:
 * ResNet50's probability, 1.5e-6, differs by 4e-4 of itself, as it does by 2e-4 for an input nudged
 * by an ulp.
 */
function expectComplete(model: Model, x: tf.Tensor): void {
  const baseline = tf.fill(x.shape, 0.2);
  const change = scoreOf(model, x) - scoreOf(model, baseline);
  const options = { score: 'output', baseline: 0.2 } as const;
  const map = numbers(deepLift(model, x, CLASS, { ...options, kernels: 'tfjs' }));
  const total = map.reduce((sum, number) => sum + number, 0);
  expect(Math.abs(total - change)).toBeLessThan(1e-5 * Math.abs(change));

  const own = deepLift(model, x, CLASS, options);
  const delta = convergenceDelta(model, x, CLASS, own, { method: deepLift, ...options });
  expect(Math.abs(numbers(delta)[0]!)).toBeLessThan(1e-5 * Math.abs(change));
}

beforeAll(() => tf.setBackend('wasm'));

test.each(
  ARCHITECTURES.filter(({ name }) => NAMES.includes(name)).map((n) => [n.name, n] as const),
)('relevance of %s', (name, network) => {
  const weights = weightsOf(network);
  const [layers, graph] = [asLayersModel(network, weights), asGraphModel(network, weights)];
  const x = imageOf(network.size);
  expectSame([layers, graph], (model) => lrp(model, x, CLASS));
  if (RECTIFIED.includes(name)) {
    const expected = numbers(gradientTimesInput(graph, x, CLASS));
    const map = numbers(lrp(graph, x, CLASS, { composite: 'epsilon', epsilon: 0 }));
    expect(distance(map, expected)).toBeLessThan(1e-3);
  } else {
    const range = [-1, 1] as const;
    const composite = 'epsilonGammaBox' as const;
    expectSame([layers, graph], (model) => lrp(model, x, CLASS, { composite, range }));
  }
  expectComplete(graph, x);
});

test.each(['classToken', 'mean'] as const)(
  'relevance of a vision transformer whose head reads %s',
  (read) => {
    const weights = new Weights();
    const asFunction = transformerFunction(weights, read);
    const x = imageOf(32);
    for (const form of [transformerGraph(weights, read), transformerLayers(weights, read)]) {
      const forms = [asFunction, form];
      expectSame(forms, (model) => lrp(model, x, CLASS, { composite: 'epsilon' }));
      expectSame(forms, (model) => attentionRollout(model, x, CLASS));
      expectSame(forms, (model) => attentionRelevance(model, x, CLASS));
      expectComplete(form, x);
    }
  },
);
