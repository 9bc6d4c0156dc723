import { checkBoolean, checkChoice, checkOptions, outOfRange, wrongType } from '../checks.js';

export type PerChannel = readonly [number, number, number];

/**
 * Describes a model's input to {@link createPreprocessing}: with RGB image v, the model's input is `(order(v) * scale
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

/** The options, checked, every default filled in. */
export type PreprocessingSettings = Required<PreprocessingOptions> & {
  readonly mean: PerChannel;
  readonly std: PerChannel;
};

/** Lists each option once, for the check of unknown ones; the type makes a forgotten one an error. */
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

/** Checks the options and fills in their defaults; arrays are copied, so that they stay as read. */
export function readOptions(options: PreprocessingOptions): PreprocessingSettings {
  checkOptions(options, Object.keys(known));
  const {
    inputSize,
    name = 'custom',
    channelOrder = 'rgb',
    scale = 1,
    mean = 0,
    std = 1,
    range = [0, 255],
    crop = 'none',
    alignCorners = false,
  } = options;
  checkNumbers('inputSize', inputSize, 'two positive integers [height, width]', isSize);
  if (typeof name !== 'string') throw wrongType('name', 'a string', name);
  checkChoice('channelOrder', channelOrder, ['rgb', 'bgr']);
  checkScale(scale);
  checkNumbers('range', range, 'two finite numbers [min, max] with min < max', isRange);
  checkChoice('crop', crop, ['none', 'center']);
  checkBoolean('alignCorners', alignCorners);
  return {
    name,
    inputSize: [inputSize[0], inputSize[1]],
    channelOrder,
    scale,
    mean: perChannel('mean', mean, 'a finite number or three of them', Number.isFinite),
    std: perChannel('std', std, 'a positive number or three of them', isPositive),
    range: [range[0], range[1]],
    crop,
    alignCorners,
  };
}

function isSize(sides: number[]): boolean {
  return sides.length === 2 && sides.every((side) => Number.isInteger(side) && side > 0);
}

function isRange(ends: number[]): boolean {
  return ends.length === 2 && ends.every(Number.isFinite) && ends[0]! < ends[1]!;
}

function checkScale(scale: unknown): asserts scale is number {
  if (typeof scale !== 'number') throw wrongType('scale', 'a positive number', scale);
  if (!isPositive(scale)) throw outOfRange('scale', 'a positive number', scale);
}

function perChannel(
  argument: string,
  value: unknown,
  expected: string,
  isValid: (x: number) => boolean,
): PerChannel {
  if (typeof value === 'number') {
    if (!isValid(value)) throw outOfRange(argument, expected, value);
    return [value, value, value];
  }
  checkNumbers(
    argument,
    value,
    expected,
    (numbers) => numbers.length === 3 && numbers.every(isValid),
  );
  const [a, b, c] = value;
  return [a!, b!, c!];
}

function checkNumbers(
  argument: string,
  value: unknown,
  expected: string,
  isValid: (numbers: number[]) => boolean,
): asserts value is number[] {
  const isNumbers = Array.isArray(value) && value.every((x) => typeof x === 'number');
  if (!isNumbers) throw wrongType(argument, expected, value);
  if (!isValid(value)) throw outOfRange(argument, expected, value);
}

function isPositive(x: number): boolean {
  return Number.isFinite(x) && x > 0;
}
