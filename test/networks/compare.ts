/** Gradients of a whole network, and what they are compared with. */
import * as tf from '@tensorflow/tfjs-core';
import { vanillaGradient } from 'tfjs-saliency';
import type { Model } from 'tfjs-saliency';
import { random } from '../conformance/case.js';

const CLASS = 3;

/**
 * [1, size, size, 3], in [-1, 1): one of those where float32's rounding turns no rectifier on or
 * off.
 */
export const imageOf = (size: number): tf.Tensor =>
  tf.tensor(random(size * size * 3, 96), [1, size, size, 3]);

/** Of the log probability, by each image. */
export function gradientOf(model: Model, x: tf.Tensor): Float32Array {
  const classes = Array.from({ length: x.shape[0]! }, () => CLASS);
  const gradient = vanillaGradient(model, x, classes, { score: 'logProbability' });
  const numbers = gradient.dataSync() as Float32Array;
  gradient.dispose();
  return numbers;
}

const length = (numbers: ArrayLike<number>): number => Math.hypot(...Array.from(numbers));

/** How far two computations of one gradient are from each other, relative to their length. */
export const distance = (gradient: Float32Array, other: Float32Array): number =>
  length(gradient.map((number, i) => number - other[i]!)) / length(other);

/**
 * How many gradients a difference is compared with, and how far it reaches: to a change of the
 * score of about this.
 */
const POINTS = 32;
const REACH = 0.03;

/**
 * The difference of the score along a random direction, against the mean slope of gradients along
 * the way. Unlike the slope in the middle the mean goes through kinks, of which a network of
 * rectifiers has thousands.
 * @returns their distance, in standard deviations of such slopes
 */
export function slopeError(
  model: Model,
  x: tf.Tensor,
  gradient: Float32Array,
  seed: number,
): number {
  const values = x.dataSync() as Float32Array;
  const direction = random(values.length, seed).map((number) => Math.sqrt(3) * number);
  const step = REACH / length(gradient);
  const end = (sign: 1 | -1): Float32Array =>
    values.map((value, i) => value + sign * step * direction[i]!);
  const [from, to] = [end(-1), end(1)];
  // float32 has rounded the ends: what lies between them is what counts.
  const way = to.map((value, i) => value - from[i]!);
  const points = new Float32Array(POINTS * way.length).map((_, j) => {
    const i = j % way.length;
    return from[i]! + ((Math.floor(j / way.length) + 0.5) / POINTS) * way[i]!;
  });
  const between = tf.tensor(points, [POINTS, ...x.shape.slice(1)]);
  const gradients = gradientOf(model, between);
  between.dispose();
  const predicted =
    gradients.reduce((sum, number, j) => sum + number * way[j % way.length]!, 0) / POINTS;
  const actual = scoreAt(model, to, x.shape) - scoreAt(model, from, x.shape);
  return Math.abs(actual - predicted) / (2 * REACH);
}

function scoreAt(model: Model, values: Float32Array, shape: number[]): number {
  return tf.tidy(() => {
    const x = tf.tensor(values, shape);
    const outputs = (typeof model === 'function' ? model(x) : model.predict(x)) as tf.Tensor;
    return Math.log(outputs.dataSync()[CLASS]!);
  });
}
