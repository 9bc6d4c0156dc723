/**
 * Convolutions in float64, sum by sum: the oracle of the kernels.
 *
 * Letters: n images, h x w pixels of c channels in, oh x ow of d out; filter [kh, kw, c, d].
 */
import type { backend_util } from '@tensorflow/tfjs-core';

type Info = backend_util.Conv2DInfo;
type Numbers = ArrayLike<number>;

/** Calls `visit` for each pixel under each tap of each output, with the indices of their pixels. */
function forEachTap(info: Info, visit: (input: number, output: number, tap: number) => void): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = info;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = info;
  for (let n = 0; n < batchSize; n++)
    for (let i = 0; i < outHeight; i++)
      for (let j = 0; j < outWidth; j++)
        for (let ki = 0; ki < filterHeight; ki++)
          for (let kj = 0; kj < filterWidth; kj++) {
            const row = i * strideHeight - padInfo.top + ki * dilationHeight;
            const column = j * strideWidth - padInfo.left + kj * dilationWidth;
            if (row < 0 || row >= inHeight || column < 0 || column >= inWidth) continue;
            const input = (n * inHeight + row) * inWidth + column;
            const output = (n * outHeight + i) * outWidth + j;
            visit(input, output, ki * filterWidth + kj);
          }
}

export function convolve(x: Numbers, filter: Numbers, info: Info): Float64Array {
  const { inChannels: c, outChannels: d, batchSize, outHeight, outWidth } = info;
  const y = new Float64Array(batchSize * outHeight * outWidth * d);
  forEachTap(info, (input, output, tap) => {
    for (let i = 0; i < c; i++)
      for (let j = 0; j < d; j++)
        y[output * d + j]! += x[input * c + i]! * filter[(tap * c + i) * d + j]!;
  });
  return y;
}

/** The adjoint of `convolve`: the gradient with respect to x of the sum of dy y. */
export function inputGradient(dy: Numbers, filter: Numbers, info: Info): Float64Array {
  const { inChannels: c, outChannels: d, batchSize, inHeight, inWidth } = info;
  const dx = new Float64Array(batchSize * inHeight * inWidth * c);
  forEachTap(info, (input, output, tap) => {
    for (let i = 0; i < c; i++)
      for (let j = 0; j < d; j++)
        dx[input * c + i]! += dy[output * d + j]! * filter[(tap * c + i) * d + j]!;
  });
  return dx;
}

/** The greatest difference from `expected`, in units of its greatest number. */
export function relativeError(actual: Numbers, expected: Numbers): number {
  expect(actual).toHaveLength(expected.length);
  let [error, greatest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (Number.isNaN(difference)) return NaN;
    error = Math.max(error, difference);
    greatest = Math.max(greatest, Math.abs(expected[i]!));
  }
  return error / greatest;
}
