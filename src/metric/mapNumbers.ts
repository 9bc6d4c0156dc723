/**
 * Reads the maps that metrics judge.
 *
 * Letters: h rows, w columns, c channels.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { isTensor, outOfRange } from '../checks.js';
import { toBeNamed } from '../inFunction.js';
import { checkNumbers } from '../plainTensor.js';
import type { NumberList, PlainTensor } from '../plainTensor.js';

/** A map: a tensor, or plain numbers as workers return them. */
export type MetricMap = Tensor | PlainTensor;

/** The numbers of a map, read from its backend. */
export interface MapNumbers {
  readonly values: NumberList;
  readonly shape: readonly number[];
}

/** Reads a map at once; without a copy, so never write to its values. */
export function readMapSync(argument: string, map: unknown): MapNumbers {
  checkNumbers(argument, map);
  const values = isTensor(map) ? map.dataSync() : map.data;
  return finite(argument, { values, shape: map.shape });
}

/** Reads a map with a turn of the event loop, as webgpu needs it. */
export async function readMap(argument: string, map: unknown): Promise<MapNumbers> {
  checkNumbers(argument, map);
  const { shape } = map;
  const values = isTensor(map) ? await map.data() : map.data;
  return finite(argument, { values, shape });
}

function finite(argument: string, map: MapNumbers): MapNumbers {
  for (const value of map.values) {
    if (!Number.isFinite(value)) throw outOfRange(argument, 'finite everywhere', value);
  }
  if (map.values.length > 0) return map;
  throw toBeNamed(new RangeError(`${argument} must not be empty`));
}

/** Where an input has its places: the pixels of an image, else every number. */
export interface Places {
  /** [h, w] of an image, else the shape of one input. */
  readonly shape: readonly number[];
  readonly count: number;
  /** c of an image, else 1. */
  readonly channels: number;
}

/** @param shape of a batch: [n, h, w, c] is one of images */
export function placesOf([, ...shape]: readonly number[]): Places {
  const isImage = shape.length === 3;
  const size = shape.reduce((product, length) => product * length, 1);
  const channels = isImage ? shape[2]! : 1;
  return { shape: isImage ? shape.slice(0, 2) : shape, count: size / channels, channels };
}

/**
 * Tells how many channels a map has, 1 or those of the input.
 * @throws RangeError for a map of another size than the input
 */
export function channelsOf(map: MapNumbers, places: Places): number {
  const { shape, channels } = places;
  const withoutOnes = (lengths: readonly number[]) => lengths.filter((n) => n !== 1).join();
  const actual = withoutOnes(map.shape);
  if (actual === withoutOnes(shape)) return 1;
  if (actual === withoutOnes([...shape, channels])) return channels;
  const image = channels === 1 ? '' : ` or [${[...shape, channels].join(', ')}]`;
  const expected = `of the input's size, [${shape.join(', ')}]${image}`;
  throw mapError(expected, map);
}

/**
 * Reads a map of one number a place.
 * @throws RangeError for a map of several channels, or of another size than the input
 */
export function placeValues(map: MapNumbers, places: Places): NumberList {
  if (channelsOf(map, places) === 1 || places.channels === 1) return map.values;
  throw mapError(`one number a pixel, [${places.shape.join(', ')}]`, map, AGGREGATE);
}

const AGGREGATE = 'aggregateChannels makes a map of an attribution with channels';

function mapError(expected: string, { shape }: MapNumbers, wayOut?: string): RangeError {
  return outOfRange('map', expected, { shape: [...shape] }, wayOut);
}

/**
 * Reads the size of a map [h, w], [h, w, 1] or [1, h, w, 1].
 * @throws RangeError for another shape
 */
export function sizeOfMap(argument: string, { shape }: MapNumbers): [h: number, w: number] {
  const axes = shape.length > 2 && shape.at(-1) === 1 ? shape.slice(0, -1) : shape;
  const [h, w] = axes.length === 3 && axes[0] === 1 ? axes.slice(1) : axes;
  if (axes.length >= 2 && axes.length - 2 <= Number(axes[0] === 1) && h !== undefined)
    return [h, w!];
  throw outOfRange(argument, 'of shape [h, w] or [h, w, 1]', { shape: [...shape] }, AGGREGATE);
}
