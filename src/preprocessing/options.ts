import { outOfRange, wrongType } from '../arguments.js';
import type { Size } from './resize.js';

export type PerChannel = readonly [number, number, number];
export type Range = readonly [min: number, max: number];

/**
 * Options of {@link createPreprocessing}: with RGB image v, the model's input is `(order(v) * scale
 * - mean) / std`.
 */
export interface PreprocessingOptions {
  /** Height and width of the model's input, in pixels. */
  readonly inputSize: readonly [height: number, width: number];
  /** How error messages call it; `'custom'` unless given. */
  readonly name?: string;
  /** The order of the model's channels; `'rgb'` unless given. */
  readonly channelOrder?: 'rgb' | 'bgr';
  /** Factor of the image's values, positive; 1 unless given. */
  readonly scale?: number;
  /**
   * Subtracted after scaling, one for all or one per channel in the model's channel order; 0 unless
   * given.
   */
  readonly mean?: number | readonly [number, number, number];
  /**
   * Divided by at last, positive, one for all or one per channel in the model's channel order; 1
   * unless given.
   */
  readonly std?: number | readonly [number, number, number];
  /**
   * The values an RGB image can have; `[0, 255]` unless given. Images of floats in 0..1 need `[0,
   * 1]`.
   */
  readonly range?: readonly [min: number, max: number];
  /**
   * `'none'` (unless given) stretches the image to `inputSize`; `'center'` resizes it, sides in
   * proportion, until it covers `inputSize`, and cuts out the middle.
   */
  readonly crop?: 'none' | 'center';
  /**
   * Where bilinear resizing reads: `false` (unless given) has pixel centres at half integers, as
   * `tf.image.resize` of TensorFlow 2, Keras's Resizing layer, torchvision and canvases have;
   * `true` lets the corner pixels of image and input coincide, as the npm packages
   * `@tensorflow-models/mobilenet` and `nsfwjs` do.
   */
  readonly alignCorners?: boolean;
}

/** Each option once, for the check of unknown ones; the type makes a forgotten one an error. */
const known: Record<keyof PreprocessingOptions, true> = {
  inputSize: true,
  name: true,
  channelOrder: true,
  scale: true,
  mean: true,
  std: true,
  range: true,
  crop: true,
  alignCorners: true,
};
export const knownOptions = Object.keys(known);

export function checkName(caller: string, name: unknown): asserts name is string {
  if (typeof name !== 'string') throw wrongType(caller, 'name', 'a string', name);
}

export function checkScale(caller: string, scale: unknown): asserts scale is number {
  if (typeof scale !== 'number') throw wrongType(caller, 'scale', 'a positive number', scale);
  if (!isPositive(scale)) throw outOfRange(caller, 'scale', 'a positive number', scale);
}

export function checkInputSize(caller: string, size: unknown): asserts size is Size {
  const isSize = (sides: number[]) =>
    sides.length === 2 && sides.every((side) => Number.isInteger(side) && side > 0);
  checkNumbers(caller, 'inputSize', size, 'two positive integers [height, width]', isSize);
}

export function checkRange(caller: string, range: unknown): asserts range is Range {
  const isRange = (ends: number[]) =>
    ends.length === 2 && ends.every(Number.isFinite) && ends[0]! < ends[1]!;
  checkNumbers(caller, 'range', range, 'two finite numbers [min, max] with min < max', isRange);
}

export function meanPerChannel(caller: string, mean: unknown): PerChannel {
  return perChannel(caller, 'mean', mean, 'a finite number or three of them', Number.isFinite);
}

export function stdPerChannel(caller: string, std: unknown): PerChannel {
  return perChannel(caller, 'std', std, 'a positive number or three of them', isPositive);
}

function perChannel(
  caller: string,
  argument: string,
  value: unknown,
  expected: string,
  isValid: (x: number) => boolean,
): PerChannel {
  if (typeof value === 'number') {
    if (!isValid(value)) throw outOfRange(caller, argument, expected, value);
    return [value, value, value];
  }
  checkNumbers(
    caller,
    argument,
    value,
    expected,
    (numbers) => numbers.length === 3 && numbers.every(isValid),
  );
  const [a, b, c] = value;
  return [a!, b!, c!];
}

function checkNumbers(
  caller: string,
  argument: string,
  value: unknown,
  expected: string,
  isValid: (numbers: number[]) => boolean,
): asserts value is number[] {
  const isNumbers = Array.isArray(value) && value.every((x) => typeof x === 'number');
  if (!isNumbers) throw wrongType(caller, argument, expected, value);
  if (!isValid(value)) throw outOfRange(caller, argument, expected, value);
}

function isPositive(x: number): boolean {
  return Number.isFinite(x) && x > 0;
}
