/** Means and roots of mean squares, without over- or underflow on the way. */
import {
  abs,
  add,
  complex,
  div,
  engine,
  getKernel,
  max,
  maximum,
  mean,
  minimum,
  mul,
  reshape,
  sqrt,
  square,
  step,
  sub,
  sum,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Makes `x` >= 0 a divisor: 1 where it is 0. */
export const unlessZero = (x: Tensor): Tensor => add(x, sub(1, step(x)));

/** Averages over an axis, which is dropped. */
export function meanOver(values: Tensor, axis: number): Tensor {
  const count = values.shape[axis]!;
  if (count === 1) return withoutAxis(values, axis);
  // Divided before it is summed, for the sum may be too great.
  return sum(mul(values, 1 / count), axis);
}

/** Computes the root of the mean square over an axis, which is dropped. */
export function rootMeanSquare(values: Tensor, axis: number): Tensor {
  if (values.shape[axis] === 1) return abs(withoutAxis(values, axis));
  const magnitudes = abs(values);
  const greatest = max(magnitudes, axis, true);
  const fractions = div(magnitudes, unlessZero(greatest));
  return mul(withoutAxis(greatest, axis), sqrt(mean(square(fractions), axis)));
}

/** Computes sqrt(a^2 + b^2) of two tensors of the same shape. */
export function hypot(a: Tensor, b: Tensor): Tensor {
  const length = hasComplexNumbers() ? abs(complex(a, b)) : scaledHypot(a, b);
  // On GPUs and wasm, the maximum of a NaN and a number may be the number.
  return add(length, mul(add(a, b), 0));
}

/** Tells whether the backend has complex numbers, whose absolute value is one kernel: not wasm. */
function hasComplexNumbers(): boolean {
  const { backendName } = engine();
  return ['Complex', 'ComplexAbs'].every((kernel) => getKernel(kernel, backendName) !== undefined);
}

function scaledHypot(a: Tensor, b: Tensor): Tensor {
  const [x, y] = [abs(a), abs(b)];
  const greater = maximum(x, y);
  const ratio = div(minimum(x, y), unlessZero(greater));
  return mul(greater, sqrt(add(square(ratio), 1)));
}

const withoutAxis = (values: Tensor, axis: number): Tensor =>
  reshape(
    values,
    values.shape.filter((_, i) => i !== axis),
  );
