// Oracle: the features that each architecture's paper puts before its head, whose size follows from
// its strides, and one form of a network against another.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { input, layers as tfl, model, sequential } from '@tensorflow/tfjs-layers';
import type { Attribution, Model } from 'tfjs-saliency';
import {
  ablationCam,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  layerCam,
  layers,
  scoreCam,
  xGradCam,
} from 'tfjs-saliency';
import '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';
import { ARCHITECTURES } from '../networks/architectures/index.js';
import { SIZE } from '../networks/architectures/transformer.js';
import type { Architecture } from '../networks/builder.js';
import { imageOf } from '../networks/compare.js';
import { asFunction, weightsOf } from '../networks/functionBuilder.js';
import { asGraphModel } from '../networks/graphBuilder.js';
import { asLayersModel } from '../networks/layersBuilder.js';
import { humanModel, nsfwModel } from '../model/trained.js';
import { transformerFunction, transformerGraph } from '../networks/transformerForms.js';
import { transformerLayers } from '../networks/transformerLayers.js';
import { Weights } from '../networks/weights.js';

const CLASS = 3;
const GRADIENT_CAMS = [gradCam, gradCamPlusPlus, layerCam, hiResCam, xGradCam, eigenCam];
const CHANNEL_CAMS = [scoreCam, ablationCam];

/** At twice the size that the architectures have here, they end in more than one place. */
const twice = (name: string): Architecture => {
  const network = ARCHITECTURES.find((known) => known.name === name)!;
  return { ...network, size: 2 * network.size };
};

const sizeOf = (network: Model, x: Tensor): number[] => {
  const map = gradCam(network, x, [CLASS], { upsample: false });
  map.dispose();
  return map.shape;
};

/** A channel's standard deviation decides whether it is tried: rounding may, at the last ones. */
function expectSameMaps(forms: readonly Model[], x: Tensor): void {
  const methods: [Attribution<{ maxChannels?: number | undefined }>, object][] = [
    ...GRADIENT_CAMS.map((cam) => [cam, {}] as [never, object]),
    ...CHANNEL_CAMS.map((cam) => [cam, { maxChannels: 3 }] as [never, object]),
  ];
  for (const [method, options] of methods) {
    const [first, ...others] = forms.map((form) => method(form, x, [CLASS], options));
    expect(first!.shape).toEqual([...x.shape.slice(0, -1), 1]);
    for (const other of others) expectClose(other, first!.dataSync(), 2e-3);
    tf.dispose([first!, ...others]);
  }
}

beforeAll(() => tf.setBackend('wasm'));

test.each([
  // 14 x 14 of 224: before the last pooling.
  ['VGG16', 16],
  // 7 x 7 of 224.
  ['MobileNetV1', 32],
  ['MobileNetV2', 32],
  ['ResNet50', 32],
  ['EfficientNet', 32],
  ['DenseNet121', 32],
])("%s's features are its input's size / %d, and the same in each form", (name, stride) => {
  const network = twice(name);
  const weights = weightsOf(network);
  const x = imageOf(network.size);
  const places = network.size / stride;
  const forms = [
    asFunction(network, weights),
    asLayersModel(network, weights),
    asGraphModel(network, weights),
  ];
  for (const form of forms) expect(sizeOf(form, x)).toEqual([1, places, places, 1]);
  expectSameMaps(forms, x);
});

test("a trained MobileNetV2's features are 7 x 7, after its last activation", async () => {
  const trained = await nsfwModel(224);
  const x = imageOf(224);
  expect(sizeOf(trained, x)).toEqual([1, 7, 7, 1]);
  const last = layers(trained, x).at(-1)!;
  expect(last.shape).toEqual([7, 7, 1280]);
  const byName = gradCam(trained, x, [CLASS], { layer: last.name }).dataSync();
  expectClose(gradCam(trained, x, [CLASS]), byName);
});

test("trained graphs' features are before their last pooling, their nodes called by name", () => {
  // Its head is a convolution to 7 classes and the mean of each.
  const face = tf.randomNormal([1, 64, 64, 1], 0, 1, 'float32', 1);
  const features = 'StatefulPartitionedCall/model_1/add_2/add';
  const last = layers(humanModel('emotion'), face).slice(-2);
  expect(last.map(({ name }) => name)).toEqual([
    features,
    'StatefulPartitionedCall/model_1/conv2d_5/BiasAdd',
  ]);
  const ofFeatures = gradCam(humanModel('emotion'), face, CLASS, { layer: features });
  expectClose(gradCam(humanModel('emotion'), face, CLASS), ofFeatures.dataSync());
  const x = imageOf(32);
  const map = gradCam(humanModel('liveness'), x, 1, { upsample: false });
  const layer = 'StatefulPartitionedCall/sequential_1/batch_normalization_4/FusedBatchNormV3';
  const byName = gradCam(humanModel('liveness'), x, 1, { upsample: false, layer });
  expect(map.shape).toEqual([1, 16, 16, 1]);
  expectClose(map, byName.dataSync());
});

test('where branches end in one place each, it is what they part from', () => {
  const network = ARCHITECTURES.find(({ name }) => name === 'InceptionV3')!;
  const weights = weightsOf(network);
  const x = imageOf(network.size);
  const [layersModel, graph] = [asLayersModel(network, weights), asGraphModel(network, weights)];
  const inLayers = gradCam(layersModel, x, [CLASS]).dataSync();
  expectClose(gradCam(asFunction(network, weights), x, [CLASS]), inLayers, 1e-3);
  expectClose(gradCam(graph, x, [CLASS]), inLayers, 1e-3);
});

test.each(['classToken', 'mean'] as const)(
  'a transformer with %s has a grid of patches',
  (read) => {
    const weights = new Weights();
    const x = imageOf(SIZE);
    const forms = [transformerFunction, transformerGraph, transformerLayers].map((form) =>
      form(weights, read),
    );
    for (const form of forms) {
      expect(sizeOf(form, x)).toEqual([1, 4, 4, 1]);
      const listed = layers(form, x);
      expect(listed.every(({ shape }) => shape[0] === 4 && shape[1] === 4)).toBe(true);
    }
    expectSameMaps(forms, x);
  },
);

/** One block of one head, queries, keys and values in one product; pooled over its tokens. */
const pooledTransformer = (x: Tensor) =>
  tf.tidy(() => {
    const normal = (shape: number[], seed: number) =>
      tf.randomNormal(shape, 0, 0.5, 'float32', seed);
    const [rows = 1] = x.shape;
    const patches = tf.conv2d(x as Tensor4D, normal([2, 2, 1, 4], 1) as Tensor4D, 2, 'valid');
    const tokens = tf.reshape(patches, [rows, 6, 4]) as Tensor3D;
    const normalized = tf.mul(tokens, 2) as Tensor3D;
    const projected = tf.reshape(
      tf.matMul(tf.reshape(normalized, [-1, 4]), normal([4, 12], 2) as tf.Tensor2D),
      [rows, 6, 12],
    );
    const [q, k, v] = tf.split(projected, 3, 2) as [Tensor3D, Tensor3D, Tensor3D];
    const attention = tf.softmax(tf.mul(tf.matMul(q, k, false, true), 0.5)) as Tensor3D;
    const y = tf.add(tokens, tf.matMul(attention, v));
    return tf.matMul(tf.mean(y, 1) as tf.Tensor2D, normal([4, 5], 3) as tf.Tensor2D);
  });

test('a pooled transformer has no extra tokens; its places are in the order of the patches', () => {
  const x = tf.randomNormal([2, 4, 6, 1], 0, 1, 'float32', 1);
  const map = eigenCam(pooledTransformer, x, 0, { upsample: false });
  expect(map.shape).toEqual([2, 2, 3, 1]);
  // Eigen-CAM is as large as what is normalized: by hand from the patches.
  const patches = tf.conv2d(
    x as Tensor4D,
    tf.randomNormal([2, 2, 1, 4], 0, 0.5, 'float32', 1) as Tensor4D,
    2,
    'valid',
  );
  const direct = (y: Tensor) => tf.tidy(() => tf.mean(tf.mul(y, 2), [1, 2]) as tf.Tensor2D);
  expectClose(map, eigenCam(direct, patches, 0, { upsample: false }).dataSync(), 1e-5);
});

describe('layers by name', () => {
  const nested = () => {
    const inner = sequential({
      name: 'backbone',
      layers: [
        tfl.conv2d({
          inputShape: [8, 8, 3],
          filters: 4,
          kernelSize: 3,
          padding: 'same',
          useBias: false,
          name: 'inner_conv',
        }),
        tfl.batchNormalization({ name: 'inner_norm' }),
        tfl.reLU({ name: 'inner_relu' }),
        tfl.maxPooling2d({ poolSize: 2, name: 'inner_pool' }),
      ],
    });
    const inputs = input({ shape: [8, 8, 3] });
    const outputs = tfl
      .dense({ units: 5, activation: 'softmax' })
      .apply(tfl.globalAveragePooling2d({}).apply(inner.apply(inputs)));
    return model({ inputs, outputs: outputs as SymbolicTensor });
  };
  const x = () => tf.randomNormal([2, 8, 8, 3], 0, 1, 'float32', 1);

  test('those of a nested model, the default one before its pooling', () => {
    const net = nested();
    const names = layers(net, x()).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['inner_conv', 'inner_norm', 'inner_relu', 'inner_pool']),
    );
    const byName = gradCam(net, x(), 1, { layer: 'inner_relu' });
    expectClose(gradCam(net, x(), 1), byName.dataSync());
    expectClose(gradCam(net, x(), 1, { layer: -2 }), byName.dataSync());
  });

  test('before a batch normalization, gradient times activation is as after it', () => {
    const net = nested();
    const [conv, norm] = ['inner_conv', 'inner_norm'].map((layer) =>
      hiResCam(net, x(), 1, { layer, upsample: false }),
    );
    // Moving mean 0, beta 0: the normalization is linear, and gradient x activation is kept.
    expectClose(conv!, norm!.dataSync(), 1e-5);
    expect(tf.max(tf.abs(conv!)).dataSync()[0]).toBeGreaterThan(0);
  });

  test('every listed name can be chosen, in functions too', () => {
    const weights = tf.randomNormal([3, 3, 3, 4], 0, 1, 'float32', 2) as Tensor4D;
    const net = (y: Tensor) => {
      const z = tf.conv2d(y as Tensor4D, weights, 1, 'same');
      const normalized = tf.batchNorm(z, [0, 0, 0, 0], [1, 2, 3, 4]);
      const clipped = tf.clipByValue(tf.relu(normalized), 0, 6);
      return tf.mean(clipped, [1, 2]) as tf.Tensor2D;
    };
    const listed = layers(net, x());
    expect(listed.map(({ kernel }) => kernel)).toEqual(
      expect.arrayContaining(['Conv2D', 'FusedBatchNorm', 'Relu', 'ClipByValue']),
    );
    for (const { name } of listed) {
      for (const cam of [gradCam, ablationCam]) cam(net, x(), 1, { layer: name }).dispose();
    }
    const maps = listed.map((_, i) => gradCam(net, x(), 1, { layer: i - listed.length }));
    listed.forEach(({ name }, i) => {
      expectClose(gradCam(net, x(), 1, { layer: name }), maps[i]!.dataSync());
    });
  });

  test('what is wrong is said', () => {
    expectError(
      () => gradCam(nested(), x(), 1, { layer: 'inner_rele' }),
      RangeError,
      "gradCam: layer must be the name of a layer of the model, got 'inner_rele'; " +
        "did you mean 'inner_relu'?",
    );
    expectError(
      () => gradCam((y) => tf.mean(tf.mul(y, 2), [1, 2, 3]), tf.zeros([1, 1, 1, 3]), 0),
      RangeError,
      'gradCam: layer must be given: the model has no layer whose output has places, [n, h, w, c]',
    );
  });
});

test('nothing below the layer needs a gradient', () => {
  const filter = tf.randomNormal([3, 3, 3, 4], 0, 1, 'float32', 3) as Tensor4D;
  const head = (y: Tensor) => tf.mean(tf.relu(tf.conv2d(y as Tensor4D, filter, 1, 'same')), [1, 2]);
  const below = (y: Tensor): Tensor => tf.cast(tf.cast(tf.floor(tf.mul(y, 4)), 'int32'), 'float32');
  const x = tf.randomNormal([1, 6, 6, 3], 0, 1, 'float32', 4);
  const map = gradCam((y) => head(below(y)) as tf.Tensor2D, x, 1);
  expectClose(map, gradCam((y) => head(y) as tf.Tensor2D, below(x), 1).dataSync());
});
