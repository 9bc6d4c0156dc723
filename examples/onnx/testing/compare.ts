/** Prints how far the maps of an ONNX model are from those of the same model in tfjs. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { occlusion, rise } from 'tfjs-saliency';
import { onnxClassifier } from '../onnxClassifier.js';
import { onnxModel } from './writeOnnx.js';

tf.env().set('PROD', true); // no greeting
const SIZE = 12;
const values = (shape: number[], seed: number): tf.Tensor =>
  tf.randomNormal(shape, 0, 1, 'float32', seed);
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
const differences: Record<string, number> = {};
for (const [name, method, options] of [
  ['occlusion', occlusion, { window: 3 }],
  ['rise', rise, { samples: 60, seed: 1 }],
] as const) {
  const map = await method.async(model, image, 'argmax', { ...options, batchSize: 8 });
  const expected = method(inTfjs, image, 'argmax', options);
  const scale = tf.max(tf.abs(expected)).dataSync()[0]!;
  differences[name] = tf.max(tf.abs(tf.sub(map, expected))).dataSync()[0]! / scale;
}
console.log(JSON.stringify(differences));
