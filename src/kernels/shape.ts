/**
 * What convolutions and their ways back do, as the kernels see it.
 *
 * Letters: n images, h x w pixels of c channels in, oh x ow of d out; on the way back the input is
 * the gradient with respect to the output.
 */
import type { backend_util } from '@tensorflow/tfjs-core';

/** tfjs's description of a convolution, of data format NHWC. */
export type ConvolutionInfo = backend_util.Conv2DInfo;

/** Addresses, in bytes. */
export interface ConvolutionOperands {
  readonly x: number;
  readonly filter: number;
  readonly y: number;
  /** The matrix of each tap is [d, c] and not [c, d], as on the way back. */
  readonly transposed: boolean;
}

/** The sizes of input and output. */
interface Sizes {
  readonly n: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
  readonly oh: number;
  readonly ow: number;
  readonly d: number;
}

/** A convolution of stride 1 without dilation. */
export interface PlainShape extends Sizes {
  readonly top: number;
  readonly left: number;
}

/** Any convolution, as products of matrices. */
export interface Im2colShape extends Sizes {
  readonly phases: readonly Phase[];
}

/** One tap of a filter: where it reads, from the pixel on, and its index in the filter. */
export type Tap = readonly [row: number, column: number, index: number];

/** Outputs at a regular distance of each other, that see the same taps. */
export interface Phase {
  /** The first output, and the distance to the next. */
  readonly start: readonly [number, number];
  readonly distance: readonly [number, number];
  /** How many outputs there are, and how far apart what they see is. */
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly taps: readonly Tap[];
  /** How many taps each read pixels that follow one another in a line. */
  readonly run: number;
}

export function forwardShape(info: ConvolutionInfo): PlainShape & Im2colShape {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const { dilationHeight, dilationWidth, padInfo } = info;
  const taps: Tap[] = [];
  for (let i = 0; i < filterHeight; i++) {
    for (let j = 0; j < filterWidth; j++) {
      const [row, column] = [i * dilationHeight - padInfo.top, j * dilationWidth - padInfo.left];
      taps.push([row, column, taps.length]);
    }
  }
  const phase: Phase = {
    start: [0, 0],
    distance: [1, 1],
    size: [info.outHeight, info.outWidth],
    stride: [strideHeight, strideWidth],
    taps,
    run: dilationWidth === 1 ? filterWidth : 1,
  };
  return {
    n: info.batchSize,
    h: info.inHeight,
    w: info.inWidth,
    c: info.inChannels,
    oh: info.outHeight,
    ow: info.outWidth,
    d: info.outChannels,
    top: padInfo.top,
    left: padInfo.left,
    phases: [phase],
  };
}

/**
 * One axis of a phase on the way back: where it starts, its outputs, and [offset, tap] of each tap.
 */
interface Axis {
  readonly start: number;
  readonly size: number;
  readonly taps: readonly (readonly [number, number])[];
}

/**
 * Lists the phases of one axis: inputs `stride` apart are seen by outputs through the same taps.
 *
 * Input i is seen by output o through tap t if i + before = o stride + t dilation.
 */
function axes(
  length: number,
  stride: number,
  filter: number,
  dilation: number,
  before: number,
): Axis[] {
  return Array.from({ length: Math.min(stride, length) }, (_, start) => ({
    start,
    size: Math.ceil((length - start) / stride),
    taps: Array.from({ length: filter }, (_, tap): [number, number] => [
      (start + before - tap * dilation) / stride,
      tap,
    ])
      .filter(([offset]) => Number.isInteger(offset))
      .reverse(), // from the left on
  }));
}

const isConsecutive = ({ taps }: Axis): boolean =>
  taps.every(([offset], i) => offset === taps[0]![0] + i);

export function backwardShape(info: ConvolutionInfo): PlainShape & Im2colShape {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const { dilationHeight, dilationWidth, inHeight, inWidth, padInfo } = info;
  const { top, left } = padInfo;
  const rows = axes(inHeight, strideHeight, filterHeight, dilationHeight, top);
  const columns = axes(inWidth, strideWidth, filterWidth, dilationWidth, left);
  const phases = rows.flatMap((row) =>
    columns.map((column): Phase => ({
      start: [row.start, column.start],
      distance: [strideHeight, strideWidth],
      size: [row.size, column.size],
      stride: [1, 1],
      run: isConsecutive(column) ? column.taps.length : 1,
      taps: row.taps.flatMap(([i, ki]) =>
        column.taps.map(([j, kj]): Tap => [i, j, ki * filterWidth + kj]),
      ),
    })),
  );
  return {
    n: info.batchSize,
    h: info.outHeight,
    w: info.outWidth,
    c: info.outChannels,
    oh: inHeight,
    ow: inWidth,
    d: info.inChannels,
    top: filterHeight - 1 - top,
    left: filterWidth - 1 - left,
    phases,
  };
}
