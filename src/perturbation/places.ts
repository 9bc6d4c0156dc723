/**
 * The places of an input, over which masks lie: height and width of an image, the features of a
 * table's row, the time and the frequency of a spectrogram.
 */
import type { Tensor } from '@tensorflow/tfjs-core';

export interface Places {
  /** The lengths of their axes. */
  readonly shape: readonly number[];
  /** Their number. */
  readonly size: number;
  /** The shape of one map: that of the places, and 1 where the input has channels. */
  readonly mapShape: readonly number[];
}

/** Returns the places of rows [r, ...]; the last of three axes or more are the channels. */
export function placesOf({ shape: [, ...input] }: Tensor): Places {
  const hasChannels = input.length > 2;
  const shape = hasChannels ? input.slice(0, -1) : input;
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, size, mapShape: hasChannels ? [...shape, 1] : shape };
}
