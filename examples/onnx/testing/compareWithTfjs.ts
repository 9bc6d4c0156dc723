/** An ONNX model beside the same network in tfjs, in Node and in a page. */
import * as tf from '@tensorflow/tfjs-core';
import { occlusion, rise } from 'tfjs-saliency';
import { onnxClassifier } from '../onnxClassifier.js';
import { onnxModel } from './writeOnnx.js';

const SIZE = 12;

const values = (shape: number[], seed: number): tf.Tensor =>
  tf.randomNormal(shape, 0, 1, 'float32', seed);

/** @returns how far each method's maps are apart, beside the greatest value */
export async function compareWithTfjs(): Promise<Record<'occlusion' | 'rise', number>> {
  const filter = values([4, 3, 3, 3], 1);
  const dense = values([4, 2], 2);
  const weights = { channels: 3, features: 4, classes: 2 };
  const file = onnxModel(
    { ...weights, filter: [...filter.dataSync()], dense: [...dense.dataSync()] },
    SIZE,
  );
  const inTfjs = (x: tf.Tensor): tf.Tensor => {
    const kernel = tf.transpose(filter, [2, 3, 1, 0]) as tf.Tensor4D;
    const convolved = tf.relu(tf.conv2d(x as tf.Tensor4D, kernel, 1, 'same'));
    return tf.softmax(tf.matMul(tf.mean(convolved, [1, 2]) as tf.Tensor2D, dense as tf.Tensor2D));
  };

  const model = await onnxClassifier(file);
  const image = tf.randomUniform([1, SIZE, SIZE, 3], -1, 1, 'float32', 3);
  const occlude = { window: 3 };
  const random = { samples: 60, seed: 1 };
  return {
    occlusion: farApart(
      await occlusion.async(model, image, 'argmax', { ...occlude, batchSize: 8 }),
      occlusion(inTfjs, image, 'argmax', occlude),
    ),
    rise: farApart(
      await rise.async(model, image, 'argmax', { ...random, batchSize: 8 }),
      rise(inTfjs, image, 'argmax', random),
    ),
  };
}

function farApart(map: tf.Tensor, expected: tf.Tensor): number {
  const greatest = (x: tf.Tensor): number => tf.max(tf.abs(x)).dataSync()[0]!;
  return greatest(tf.sub(map, expected)) / greatest(expected);
}
