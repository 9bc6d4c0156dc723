/**
 * A small vision transformer (Dosovitskiy et al., 2020). Its head reads the class token, or the
 * mean of all tokens, of which each is a patch then.
 */
import type { Values, Weights } from '../weights.js';

export const SIZE = 32;
export const PATCH = 8;
export const WIDTH = 24;
const HEADS = 3;
const PATCHES = (SIZE / PATCH) ** 2;

/** What the head reads. */
export type Read = 'classToken' | 'mean';

/** What a transformer is made of, for one image: T is a tensor or the output of a node. */
export interface Ops<T> {
  constant(values: Values): T;
  patches(image: T, filter: T): T;
  reshape(x: T, shape: number[]): T;
  transpose(x: T, perm: number[]): T;
  add(a: T, b: T): T;
  multiply(a: T, b: T): T;
  matMul(a: T, b: T, transposeB?: boolean): T;
  concat(a: T, b: T, axis: number): T;
  /** The mean of the last axis, kept. */
  mean(x: T): T;
  squaredDifference(a: T, b: T): T;
  rsqrt(x: T): T;
  erf(x: T): T;
  softmax(x: T): T;
  /** The first row of [1, tokens, width]: [1, width]. */
  firstToken(x: T): T;
  /** The mean of the rows of [1, tokens, width]: [1, width]. */
  meanToken(x: T): T;
}

export function transformer<T>(ops: Ops<T>, weights: Weights, image: T, read: Read): T {
  const tokens = read === 'classToken' ? PATCHES + 1 : PATCHES;
  const number = (value: number): T => ops.constant({ shape: [], data: Float32Array.of(value) });
  const parameter = (shape: number[], limit: number): T =>
    ops.constant(weights.between(-limit, limit, shape));
  const linear = (x: T, from: number, to: number): T =>
    ops.add(
      ops.matMul(x, ops.constant(weights.kernel([1, from, to], 2 * from))),
      parameter([to], 0.1),
    );

  const normalized = (x: T): T => {
    const mean = ops.mean(x);
    const deviation = ops.rsqrt(ops.add(ops.mean(ops.squaredDifference(x, mean)), number(1e-6)));
    const centred = ops.add(x, ops.multiply(mean, number(-1)));
    const gamma = ops.constant(weights.between(0.7, 1.3, [WIDTH]));
    return ops.add(ops.multiply(ops.multiply(centred, deviation), gamma), parameter([WIDTH], 0.1));
  };

  const attention = (x: T): T => {
    const perHead = WIDTH / HEADS;
    const heads = (y: T): T =>
      ops.transpose(ops.reshape(y, [1, tokens, HEADS, perHead]), [0, 2, 1, 3]);
    const [query, key, value] = [0, 1, 2].map(() => heads(linear(x, WIDTH, WIDTH))) as [T, T, T];
    const scores = ops.multiply(ops.matMul(query, key, true), number(1 / Math.sqrt(perHead)));
    const seen = ops.transpose(ops.matMul(ops.softmax(scores), value), [0, 2, 1, 3]);
    return linear(ops.reshape(seen, [1, tokens, WIDTH]), WIDTH, WIDTH);
  };

  const gelu = (x: T): T =>
    ops.multiply(
      ops.multiply(x, number(0.5)),
      ops.add(ops.erf(ops.multiply(x, number(Math.SQRT1_2))), number(1)),
    );

  const patches = ops.patches(
    image,
    ops.constant(weights.kernel([PATCH, PATCH, 3, WIDTH], PATCH * PATCH * 6)),
  );
  let x = ops.reshape(patches, [1, PATCHES, WIDTH]);
  if (read === 'classToken') x = ops.concat(parameter([1, 1, WIDTH], 1), x, 1);
  x = ops.add(x, parameter([1, tokens, WIDTH], 0.5));
  for (let layer = 0; layer < 3; layer++) {
    x = ops.add(x, attention(normalized(x)));
    x = ops.add(x, linear(gelu(linear(normalized(x), WIDTH, 2 * WIDTH)), 2 * WIDTH, WIDTH));
  }
  const features = (read === 'classToken' ? ops.firstToken : ops.meanToken)(normalized(x));
  return ops.softmax(ops.reshape(linear(ops.reshape(features, [1, 1, WIDTH]), WIDTH, 10), [1, 10]));
}
