// Oracle: PyTorch in float64, with LRP written down in relevances, layer by layer, and attention
// rollout and relevance by matrices and autograd (goldens.py).
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { attentionRelevance, attentionRollout, lrp } from 'tfjs-saliency';
import type { LrpOptions } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from '../method/expectClose.js';

interface Values {
  readonly shape: number[];
  readonly data: number[];
}

type Named<Name extends string> = Readonly<Record<Name, Values>>;

interface Golden {
  readonly parameters: Named<
    | 'first'
    | 'firstBias'
    | 'second'
    | 'mean'
    | 'variance'
    | 'scale'
    | 'offset'
    | 'dense'
    | 'denseBias'
  >;
  readonly x: Values;
  readonly maps: Named<NonNullable<LrpOptions['composite']>>;
  readonly transformer: Named<
    'class' | 'embedding' | 'head' | 'patches' | 'rollout' | 'relevance'
  > & { readonly layers: Values[][] };
}

const golden = JSON.parse(readFileSync(path.join(__dirname, 'goldens.json'), 'utf8')) as Golden;

const tensorOf = <T extends Tensor>({ data, shape }: Values): T => tf.tensor(data, shape) as T;

type Network = (x: Tensor) => Tensor;

/** A residual block with batch normalization, of plain kernels or of fused ones. */
const residual =
  (isFused: boolean): Network =>
  (x) => {
    const p = golden.parameters;
    const filter = tensorOf<Tensor4D>(p.first);
    const bias = tensorOf<Tensor1D>(p.firstBias);
    const y = isFused
      ? tf.fused.conv2d({
          x: x as Tensor4D,
          filter,
          bias,
          strides: 1,
          pad: 'same',
          activation: 'relu',
        })
      : tf.relu(tf.add(tf.conv2d(x as Tensor4D, filter, 1, 'same'), bias));
    const [mean, variance, offset, scale] = [p.mean, p.variance, p.offset, p.scale].map((values) =>
      tensorOf<Tensor1D>(values),
    ) as [Tensor1D, Tensor1D, Tensor1D, Tensor1D];
    const convolved = tf.conv2d(y as Tensor4D, tensorOf<Tensor4D>(p.second), 1, 'same');
    const z = tf.batchNorm(convolved, mean, variance, offset, scale, 0.001);
    const pooled = tf.maxPool(tf.relu(tf.add(z, y)) as Tensor4D, 2, 2, 'valid');
    const rows = tf.reshape(pooled, [x.shape[0]!, -1]) as Tensor2D;
    const [a, b] = [tensorOf<Tensor2D>(p.dense), tensorOf<Tensor1D>(p.denseBias)];
    return isFused ? tf.fused.matMul({ a: rows, b: a, bias: b }) : tf.add(tf.matMul(rows, a), b);
  };

/** Two layers of two heads; the patches are pixels of three channels twice over. */
const transformer: Network = (image) => {
  const p = golden.transformer;
  const embedding = tf.reshape(tensorOf(p.embedding), [1, 1, 6, 6]) as Tensor4D;
  const patches = tf.reshape(tf.conv2d(image as Tensor4D, embedding, 1, 'valid'), [1, 4, 6]);
  let tokens: Tensor = tf.concat([tensorOf(p.class), patches], 1);
  for (const weights of p.layers) {
    const [query, key, value, output] = weights.map((values) => tensorOf<Tensor2D>(values)) as [
      Tensor2D,
      Tensor2D,
      Tensor2D,
      Tensor2D,
    ];
    const rows = tf.reshape(tokens, [5, 6]) as Tensor2D;
    const heads = (projection: Tensor2D): Tensor =>
      tf.transpose(tf.reshape(tf.matMul(rows, projection), [1, 5, 2, 3]), [0, 2, 1, 3]);
    const probabilities = tf.softmax(tf.matMul(heads(query), heads(key), false, true));
    const seen = tf.transpose(tf.matMul(probabilities, heads(value)), [0, 2, 1, 3]);
    const projected = tf.matMul(tf.reshape(seen, [5, 6]) as Tensor2D, output);
    tokens = tf.add(tokens, tf.reshape(projected, [1, 5, 6]));
  }
  const read = tf.reshape(tf.slice(tokens, [0, 0, 0], [1, 1, 6]), [1, 6]) as Tensor2D;
  return tf.matMul(read, tensorOf<Tensor2D>(p.head));
};

describeOnEachBackend('relevance against PyTorch', () => {
  const FORMS: [string, Network][] = [
    ['plain', residual(false)],
    ['fused', residual(true)],
  ];
  const { maps } = golden;
  describe.each(FORMS)('of %s kernels', (_, network) => {
    test.each(Object.keys(maps) as (keyof typeof maps)[])('%s', (composite) => {
      const map = lrp(network, tensorOf(golden.x), 1, {
        composite,
        gamma: 0.25,
        epsilon: 0.01,
        range: [-4, 4],
        batchSize: 2,
      });
      expectClose(map, maps[composite].data, 1e-5);
    });
  });

  test('attention rollout and attention relevance, one cell a patch or upsampled', () => {
    const { patches, rollout, relevance } = golden.transformer;
    const image = tf.reshape(tensorOf(patches), [1, 2, 2, 6]);
    for (const upsample of [true, false]) {
      expectClose(attentionRollout(transformer, image, 1, { upsample }), rollout.data, 1e-5);
      expectClose(attentionRelevance(transformer, image, 1, { upsample }), relevance.data, 1e-5);
    }
  });
});
