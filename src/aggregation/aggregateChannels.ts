import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice, isTensor, outOfRange } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { checkNumbers } from '../plainTensor.js';
import type { MapLike, PlainTensor } from '../plainTensor.js';
import { CHANNEL_METHODS, STEPS } from './channelMethods.js';
import type { ChannelMethod } from './channelMethods.js';
import { aggregateNumbers } from './numbers.js';
import { aggregateTensor } from './tensors.js';

export { CHANNEL_METHODS } from './channelMethods.js';
export type { ChannelMethod } from './channelMethods.js';

/**
 * Aggregates the channels of an attribution to one number per pixel.
 *
 * @param attribution [..., c], for an image [h, w, c] or [n, h, w, c]; a tensor or `{ data, shape
 * }`
 * @param method default `'maxAbs'`
 * @returns `[...]`: a new float32 tensor that the caller owns, or `{ data, shape }` of such
 * @throws TypeError or RangeError for a wrong argument
 */
export function aggregateChannels<T extends Tensor | PlainTensor>(
  attribution: T,
  method: ChannelMethod = 'maxAbs',
): MapLike<T> {
  return inFunction('aggregateChannels', () => {
    checkNumbers('attribution', attribution);
    const shape = attribution.shape.slice(0, -1);
    const channels = attribution.shape.at(-1);
    if (!channels) {
      throw outOfRange('attribution', 'a tensor with a last axis of channels', attribution);
    }
    checkChoice('method', method, CHANNEL_METHODS);
    return (
      isTensor(attribution)
        ? aggregateTensor(attribution, STEPS[method])
        : { data: aggregateNumbers(attribution.data, channels, STEPS[method]), shape }
    ) as MapLike<T>;
  });
}
