/**
 * Reads maps: `[h, w]`, `[h, w, 1]`, `[n, h, w]` or `[n, h, w, 1]`, as tensors or plain numbers.
 *
 * Letters: n maps, h rows, w columns.
 */
import { outOfRange } from '../checks.js';
import { checkNumbers, readNumbers } from '../plainTensor.js';
import type { Numbers } from '../plainTensor.js';

/** One or more maps of a size. */
export interface Maps extends Numbers {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Whether there is an axis of maps. */
  readonly isBatch: boolean;
  /** As it was given: with or without the axes of maps and channels. */
  readonly shape: number[];
}

/**
 * Reads a map. A last axis of length 1 of three or more is a channel axis.
 *
 * @throws TypeError if `map` is neither a tensor nor plain numbers, RangeError if it is no map, or
 * a value is NaN or infinity.
 */
export function readMaps(map: unknown): Maps {
  checkNumbers('map', map);
  const shape = [...map.shape];
  const hasChannelAxis = shape.length > 2 && shape.at(-1) === 1;
  const axes = hasChannelAxis ? shape.slice(0, -1) : shape;
  const [width = 0, height = 0, count = 1] = [...axes].reverse();
  // Three columns are more likely channels that were forgotten.
  const isImage = shape.length === 3 && width === 3;
  if (width * height * count === 0 || axes.length > 3 || isImage) {
    const wayOut =
      shape.length > 2
        ? 'aggregateChannels makes a map of an attribution with channels'
        : undefined;
    const expected = 'of shape [h, w] or [n, h, w] with no size 0';
    throw outOfRange('map', expected, map, wayOut);
  }
  const numbers = readNumbers(map);
  for (const value of numbers.values) {
    if (!Number.isFinite(value)) throw outOfRange('map', 'finite everywhere', value);
  }
  return { ...numbers, count, height, width, isBatch: axes.length === 3, shape };
}
