/**
 * What convolutional networks are made of. T is what stands between two layers, of shape [n, h, w,
 * c] or [n, c].
 */
export interface Builder<T> {
  /** The last axis' size. */
  channels(x: T): number;
  conv(x: T, options: ConvOptions): T;
  depthwise(x: T, options: Pick<ConvOptions, 'kernel' | 'stride' | 'padding'>): T;
  batchNorm(x: T, options?: { scale?: boolean; epsilon?: number }): T;
  activate(x: T, activation: Activation): T;
  pool(x: T, kind: 'max' | 'avg', options: { size: number; stride: number; padding?: Padding }): T;
  /** @param amounts [top, bottom, left, right] */
  zeroPad(x: T, amounts: [number, number, number, number]): T;
  /** [n, h, w, c] -> [n, c] */
  globalAverage(x: T): T;
  /** [n, c] -> [n, 1, 1, c] */
  asImage(x: T): T;
  flatten(x: T): T;
  dense(x: T, units: number, activation: 'linear' | 'relu' | 'softmax'): T;
  add(a: T, b: T): T;
  /** Either may be [n, 1, 1, c]. */
  multiply(a: T, b: T): T;
  concat(parts: T[]): T;
}

export type Padding = 'same' | 'valid';
export type Activation = 'relu' | 'relu6' | 'sigmoid' | 'swish' | 'hardSigmoid' | 'hardSwish';

export interface ConvOptions {
  filters: number;
  kernel: number | [number, number];
  stride?: number;
  padding?: Padding;
  /**
   * With a bias, and this activation fused; without, linear and no bias, as before a batch
   * normalization.
   */
  activation?: 'linear' | 'relu';
}

export interface Architecture {
  readonly name: string;
  /** Height and width of its input. */
  readonly size: number;
  build<T>(b: Builder<T>, image: T): T;
}

export const pair = (size: number | [number, number]): [number, number] =>
  typeof size === 'number' ? [size, size] : size;

/** The usual trio. */
export function convNorm<T>(b: Builder<T>, x: T, options: ConvOptions, activation?: Activation): T {
  const y = b.batchNorm(b.conv(x, options));
  return activation === undefined ? y : b.activate(y, activation);
}
