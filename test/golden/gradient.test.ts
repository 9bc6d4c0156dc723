// Oracle: PyTorch's autograd, see generate.py.
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import type { Golden, Layer } from './golden.js';
import { expectValues, mobilenet, scores, toTensor, vgg } from './golden.js';
import { asFunction, asLayersModel } from './models.js';

const builders = [
  ['a LayersModel', asLayersModel],
  ['a function', asFunction],
] as const;

type Build = (typeof builders)[number][1];

describeOnEachBackend("input gradients are PyTorch's", () => {
  describe.each([
    ['vgg', vgg],
    ['mobilenet', mobilenet],
  ])('%s', (_, golden) => {
    describe.each(builders)('as %s', (_, build) => {
      const ready = prepare(build, golden);

      // Without this, a wrong forward pass would be taken for a wrong gradient.
      it('gives the same probabilities', () => {
        tf.tidy(() => {
          const { model, input } = ready;
          const output = 'predict' in model ? (model.predict(input) as Tensor) : model(input);
          expectValues(output, golden.probabilities);
        });
      });

      it.each(scores)('%s', (score) => {
        expectNoLeak(() => {
          const attribution = vanillaGradient(ready.model, ready.input, golden.classIndex, {
            score,
          });
          expectValues(attribution, golden.gradients[score]);
          return attribution;
        });
      });
    });
  });

  describe.each(builders)('a saturated softmax, in %s', (_, build) => {
    const { factor, winners, losers, probabilities, logitOfWinners, logProbabilityOfLosers } =
      vgg.saturated;
    const last = vgg.layers.length - 1;
    const layers = vgg.layers.map((layer, i) => (i === last ? amplify(layer, factor) : layer));
    const ready = prepare(build, { ...vgg, layers });

    it('logit: does not vanish', () => {
      tf.tidy(() => {
        const attribution = vanillaGradient(ready.model, ready.input, winners, { score: 'logit' });
        expectValues(attribution, logitOfWinners);
      });
    });

    it('output: vanishes, as p (1 - p) does in float32', () => {
      expect(Array.from(probabilities.data).sort().slice(-3)).toEqual([0, 1, 1]);
      tf.tidy(() => {
        const attribution = vanillaGradient(ready.model, ready.input, winners, { score: 'output' });
        expect(tf.max(tf.abs(attribution)).dataSync()[0]).toBe(0);
      });
    });

    it('logProbability: is right where the probability is 0 and its logarithm infinite', () => {
      tf.tidy(() => {
        const attribution = vanillaGradient(ready.model, ready.input, losers, {
          score: 'logProbability',
        });
        expectValues(attribution, logProbabilityOfLosers);
      });
    });
  });
});

/** The network as `build` makes it and its input, on the backend of the tests around the call. */
function prepare(build: Build, network: Golden): { model: ReturnType<Build>; input: Tensor } {
  const prepared = {} as ReturnType<typeof prepare>;
  beforeAll(() => {
    prepared.model = build(network);
    prepared.input = toTensor(network.input);
  });
  afterAll(() => {
    prepared.input.dispose();
    if ('dispose' in prepared.model) prepared.model.dispose();
  });
  return prepared;
}

/** The layer with its weights times `factor`. */
function amplify(layer: Layer, factor: number): Layer {
  if (layer.type !== 'dense') throw new Error(`expected a dense layer, got ${layer.type}`);
  const { kernel, bias } = layer;
  const times = (data: Float32Array) => data.map((value) => value * factor);
  return {
    ...layer,
    kernel: { ...kernel, data: times(kernel.data) },
    bias: { ...bias, data: times(bias.data) },
  };
}
