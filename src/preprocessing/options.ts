import { checkBoolean, checkChoice, checkOptions, outOfRange, wrongType } from '../checks.js';

/** One number per channel of the model's input. */
export type PerChannel = readonly [number] | readonly [number, number, number];

/**
 * Describes a model's input to {@link createPreprocessing}: with RGB image v, the model's input is
 * `(order(v) * scale - mean) / std`; of one channel, `(gray(v) * scale - mean) / std`.
 */
export interface PreprocessingOptions {
  /** Height and width of the model's input, in pixels. */
  readonly inputSize: readonly [height: number, width: number];
  /** How error messages call it; `'custom'` unless given. */
  readonly name?: string;
  /** Channels of the model's input: 3 (unless given) for colours, 1 for gray. */
  readonly channels?: 1 | 3;
  /**
   * What R, G and B weigh in the gray of a model of one channel, 1 in all; those of Rec. 601 unless
   * given, `[0.299, 0.587, 0.114]`. Images that are gray already stay as they are.
   */
  readonly weights?: readonly [red: number, green: number, blue: number];
  /** The order of the model's channels, where it has three; `'rgb'` unless given. */
  readonly channelOrder?: 'rgb' | 'bgr';
  /** Factor of the image's values, positive; 1 unless given. */
  readonly scale?: number;
  /**
   * Subtracted after scaling, one for all or one per channel in the model's channel order; 0 unless
   * given.
   */
  readonly mean?: number | PerChannel;
  /**
   * Divided by at last, positive, one for all or one per channel in the model's channel order; 1
   * unless given.
   */
  readonly std?: number | PerChannel;
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

/** Every option, defaults filled in; `weights` only where there is one channel. */
export type PreprocessingSettings = Required<Omit<PreprocessingOptions, 'weights'>> &
  Pick<PreprocessingOptions, 'weights'>;

/** The luma of Rec. 601, as in Pillow's convert('L'). */
const REC_601 = [0.299, 0.587, 0.114] as const;

/** Lists each option once, for the check of unknown ones; the type sees a forgotten one. */
const known: Record<keyof PreprocessingOptions, true> = {
  inputSize: true,
  name: true,
  channels: true,
  weights: true,
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
    channels = 3,
    weights = channels === 1 ? REC_601 : undefined,
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
  checkChannels(channels);
  checkWeights(weights, channels);
  checkChoice('channelOrder', channelOrder, ['rgb', 'bgr']);
  if (channels === 1 && channelOrder === 'bgr')
    throw outOfRange('channelOrder', "'rgb' with channels: 1, which have no order", channelOrder);
  checkScale(scale);
  checkPerChannel('mean', mean, 'a finite number', Number.isFinite, channels);
  checkPerChannel('std', std, 'a positive number', isPositive, channels);
  checkNumbers('range', range, 'two finite numbers [min, max] with min < max', isRange);
  checkChoice('crop', crop, ['none', 'center']);
  checkBoolean('alignCorners', alignCorners);
  return {
    name,
    inputSize: [inputSize[0], inputSize[1]],
    channels,
    ...(weights === undefined ? {} : { weights: [weights[0], weights[1], weights[2]] }),
    channelOrder,
    scale,
    mean: copyOf(mean),
    std: copyOf(std),
    range: [range[0], range[1]],
    crop,
    alignCorners,
  };
}

/** Spells out a value that may be one for all channels. */
export function perChannel(value: number | PerChannel, channels: 1 | 3): readonly number[] {
  return typeof value === 'number' ? new Array<number>(channels).fill(value) : value;
}

function copyOf(value: number | PerChannel): number | PerChannel {
  return typeof value === 'number' ? value : ([...value] as unknown as PerChannel);
}

function checkChannels(channels: unknown): asserts channels is 1 | 3 {
  if (typeof channels !== 'number') throw wrongType('channels', '1 or 3', channels);
  if (channels !== 1 && channels !== 3) throw outOfRange('channels', '1 or 3', channels);
}

function checkWeights(weights: unknown, channels: 1 | 3): void {
  if (weights === undefined) return;
  if (channels === 3) throw outOfRange('weights', 'left out unless channels is 1', weights);
  // Published weights are rounded: some add up to 0.9999.
  const expected = 'three numbers >= 0 [red, green, blue] that add up to 1';
  checkNumbers(
    'weights',
    weights,
    expected,
    ([red, green, blue, ...others]) =>
      others.length === 0 &&
      Math.min(red!, green!, blue!) >= 0 &&
      Math.abs(red! + green! + blue! - 1) < 1e-3,
  );
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

function checkPerChannel(
  argument: string,
  value: unknown,
  single: string,
  isValid: (x: number) => boolean,
  channels: 1 | 3,
): void {
  const expected = `${single} or ${channels === 1 ? 'a list of one' : 'three of them'}`;
  if (typeof value === 'number') {
    if (!isValid(value)) throw outOfRange(argument, expected, value);
    return;
  }
  const areValid = (numbers: number[]) =>
    numbers.length === channels && numbers.every((number) => isValid(number));
  checkNumbers(argument, value, expected, areValid);
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
