/** What the tests and their worker share. */
import * as tf from '@tensorflow/tfjs-core';

export interface TestSpec {
  readonly power?: number;
  /** What a pass takes. */
  readonly milliseconds?: number;
  /** What happens in a pass. */
  readonly act?: string;
  /** What `load` throws. */
  readonly refuse?: string;
  /** Whether `load` returns options of its own. */
  readonly own?: boolean;
}

export interface WorkerData {
  /** Factor of what a pass takes. */
  readonly slowness?: number;
  readonly backend?: string;
}

/** What a worker has done so far. */
export interface Told {
  readonly loads: number;
  readonly passes: number;
  readonly disposed: number;
  /** Buffers that were given away with a message, and those that should have been. */
  readonly transferred: number;
  readonly copied: number;
  readonly tensors: number;
}

const CLASSES = 4;

/** [n, ...] -> [n, 4]: weighted sums of powers, whose gradients are powers times weights. */
export function powers(x: tf.Tensor, power = 3): tf.Tensor {
  const [n = 1, ...shape] = x.shape;
  const features = shape.reduce((size, length) => size * length, 1);
  const weights = tf.randomNormal([features, CLASSES], 0, 1, 'float32', 7) as tf.Tensor2D;
  return tf.matMul(tf.reshape(tf.pow(x, power), [n, features]) as tf.Tensor2D, weights);
}
