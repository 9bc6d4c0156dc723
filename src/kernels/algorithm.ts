/**
 * Which kernel is the faster for a convolution: ours by Winograd, ours as a product, or tfjs's. The
 * numbers follow from scripts/kernels/bench.ts.
 */
import type { ConvolutionInfo, PlainShape } from './shape.js';

export type Algorithm = 'winograd' | 'im2col';

/** Chooses for the way forward or back, whose shape is given; undefined: tfjs's. */
export type ChooseAlgorithm = (
  info: ConvolutionInfo,
  shape: PlainShape,
  isBackward: boolean,
) => Algorithm | undefined;

/**
 * Chooses the fastest.
 * @param threads how many threads tfjs's kernels have; ours have one
 */
export function fastestAlgorithm(threads: number): ChooseAlgorithm {
  return (info, shape, isBackward) => {
    if (threads < 3 && suitsWinograd(info, shape)) {
      const { oh, ow } = shape;
      // Smaller images are mostly padding of tiles. Batches do not count: one image's result is not
      // to depend on the others, and Winograd's rounds otherwise than tfjs's, unlike the product.
      if (Math.min(oh, ow) > 4 && oh * ow >= 49) return 'winograd';
    }
    if (threads < 2 && isProductFaster(info, shape, isBackward)) return 'im2col';
    return undefined;
  };
}

/** Tells whether Winograd's kernel can do it: 3 x 3, stride 1, blocks of 16 input channels. */
export function suitsWinograd(info: ConvolutionInfo, { c }: PlainShape): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const { dilationHeight, dilationWidth } = info;
  const isPlain = strideHeight * strideWidth * dilationHeight * dilationWidth === 1;
  return isPlain && filterHeight === 3 && filterWidth === 3 && c % 16 === 0;
}

/** Tells whether rows and columns are enough to pay for packing both factors. */
function isProductFaster(
  { filterHeight, filterWidth, strideHeight, strideWidth }: ConvolutionInfo,
  { n, oh, ow, c, d }: PlainShape,
  isBackward: boolean,
): boolean {
  const stride = strideHeight * strideWidth;
  const taps = filterHeight * filterWidth;
  const rows = n * oh * ow;
  if (isBackward && stride > 1) {
    // By phases, without zeros; but a phase's few channels are filled up to 8.
    return rows >= 100 && (c * taps) / stride >= 48 && (d >= 8 || taps <= 9);
  }
  // On the way back tfjs has to turn the filter round first.
  return rows >= (isBackward ? 49 : 100) && c >= 16 && c * taps >= 48 && d >= 32;
}
