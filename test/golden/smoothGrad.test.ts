// Oracle: PyTorch's autograd with the noise that is given here too, see generate.py.
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { aggregateChannels, createPreprocessing, smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { at, expectValues, toTensor, vgg } from './golden.js';
import { asLayersModel } from './models.js';

const samples = vgg.noise.shape[0]!;

describeOnEachBackend("with given noise, PyTorch's values", () => {
  let model: LayersModel;
  let noises: Tensor;
  let input: Tensor;
  let photo: Tensor3D;
  beforeAll(() => {
    model = asLayersModel(vgg);
    noises = toTensor(vgg.noise);
    input = toTensor(at(vgg.input, 0));
    photo = toTensor(at(vgg.images, 0)) as Tensor3D;
  });
  afterAll(() => {
    model.dispose();
    tf.dispose([noises, input, photo]);
  });

  /** The stored noise of one sample, [height, width, channels]. */
  const noise = (shape: number[], sample: number) => tf.reshape(tf.slice(noises, sample, 1), shape);

  // 3 does not divide the 4 samples.
  describe.each([1, 3, 4])('SmoothGrad in batches of %d', (batchSize) => {
    const { noiseLevel, classIndex, perChannel, maxAbs } = vgg.smoothGrad;
    const options = { samples, noiseLevel, noise, batchSize, score: 'logit' } as const;

    it.each([
      ['mean', 'mean'],
      ['meanAbs', 'meanAbs'],
      ['meanSquare', 'meanSquare'],
      ['variance', 'variancePopulation'],
    ] as const)('%s', (statistic, expected) => {
      tf.tidy(() => {
        const map = smoothGrad(model, input, classIndex, { ...options, statistic });
        expectValues(map, perChannel[expected]);
      });
    });

    it.each([
      ['mean', 'mean'],
      ['meanSquare', 'meanSquare'],
      ['variance', 'variancePopulation'],
    ] as const)("%s of each sample's maxAbs", (statistic, expected) => {
      tf.tidy(() => {
        const map = smoothGrad(model, input, classIndex, {
          ...options,
          statistic,
          aggregate: 'maxAbs',
        });
        expectValues(map, maxAbs[expected]);
      });
    });
  });

  describe("the article's pipeline", () => {
    const { noiseLevel, noiseless, meanAfter } = vgg.article;
    const preprocess = createPreprocessing({
      inputSize: [16, 16],
      channelOrder: 'bgr',
      mean: [103.939, 116.779, 123.68],
    });
    const gradientOptions = { preprocess, score: 'crossEntropy' } as const;
    const options = {
      ...gradientOptions,
      noiseLevel,
      noise,
      perSampleArgmax: true,
      aggregate: 'maxAbs',
    } as const;

    it('prepares the image', () => {
      tf.tidy(() => {
        const [height, width, channels] = photo.shape;
        expectValues(
          tf.reshape(preprocess.preprocess(photo), [height, width, channels]),
          at(vgg.input, 0),
        );
      });
    });

    it('differentiates it without noise', () => {
      tf.tidy(() => {
        const attribution = vanillaGradient(model, photo, 'argmax', gradientOptions);
        expectValues(aggregateChannels(attribution, 'maxAbs'), noiseless);
      });
    });

    it.each([1, 2, 3, 4])('differentiates and averages %d noisy samples, one by one', (n) => {
      expectNoLeak(() => {
        const map = smoothGrad(model, photo, 'argmax', { ...options, samples: n, batchSize: 1 });
        expectValues(map, at(meanAfter, n - 1));
        return map;
      });
    });

    it('gives the same in one batch', () => {
      tf.tidy(() => {
        const map = smoothGrad(model, photo, 'argmax', { ...options, samples, batchSize: samples });
        expectValues(map, at(meanAfter, samples - 1));
      });
    });
  });
});
