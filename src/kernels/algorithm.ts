/** Which kernel is the faster for a convolution: ours by Winograd, ours as a product, or tfjs's. */
import type { ConvolutionInfo, PlainShape } from './shape.js';

export type Algorithm = 'winograd' | 'im2col';

/** Chooses for the way forward or back, whose shape is given; undefined: tfjs's. */
export type ChooseAlgorithm = (info: ConvolutionInfo, shape: PlainShape) => Algorithm | undefined;

/** Whether Winograd's kernel can do it: 3 x 3, stride 1, and whole blocks of input channels. */
export function suitsWinograd(info: ConvolutionInfo, { c }: PlainShape): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const { dilationHeight, dilationWidth } = info;
  const isPlain = strideHeight * strideWidth * dilationHeight * dilationWidth === 1;
  return isPlain && filterHeight === 3 && filterWidth === 3 && c % 16 === 0;
}

export const fastestAlgorithm: ChooseAlgorithm = (info, shape) => {
  const tiles = shape.n * Math.ceil(shape.oh / 4) * Math.ceil(shape.ow / 4);
  if (suitsWinograd(info, shape) && tiles >= 4) return 'winograd';
  return 'im2col';
};
