/**
 * Regions of a map: a box, or a mask.
 *
 * Letters: h rows, w columns.
 */
import { isBag, outOfRange, wrongType } from '../checks.js';
import { sizeOfMap } from './mapNumbers.js';
import type { MapNumbers, MetricMap } from './mapNumbers.js';

/** A box in pixels of the map, from its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A box, or a mask [h, w] of the map's size, whose numbers other than 0 are inside. */
export type Region = Box | MetricMap;

/** Marks the pixels inside a region: [h w], 1 inside. */
export function insideOf(region: Box | MapNumbers, map: MapNumbers): Uint8Array {
  const [h, w] = sizeOfMap('map', map);
  const inside = isBag(region) && 'values' in region ? maskOf(region, h, w) : boxMask(region, h, w);
  if (inside.includes(1)) return inside;
  throw outOfRange('region', `one with a pixel of the map, [${h}, ${w}], inside`, region);
}

function maskOf(mask: MapNumbers, h: number, w: number): Uint8Array {
  const size = sizeOfMap('region', mask);
  if (size.join() !== `${h},${w}`) {
    throw outOfRange('region', `of the map's size, [${h}, ${w}]`, { shape: [...mask.shape] });
  }
  return Uint8Array.from(mask.values, (value) => Number(value !== 0));
}

/** A pixel is inside if its middle is. */
function boxMask(box: unknown, h: number, w: number): Uint8Array {
  const expected = 'a box { x, y, width, height } or a mask';
  if (!isBag(box)) throw wrongType('region', expected, box);
  const { x, y, width, height } = box as Box;
  const sides = [x, y, width, height] as unknown[];
  if (!sides.every((side) => typeof side === 'number')) throw wrongType('region', expected, box);
  if (!(sides as number[]).every(Number.isFinite) || width <= 0 || height <= 0) {
    throw outOfRange('region', 'a box of finite numbers, with width and height > 0', box);
  }
  const isIn = (middle: number, start: number, length: number): boolean =>
    middle >= start && middle < start + length;
  return Uint8Array.from({ length: h * w }, (_, i) =>
    Number(isIn(Math.floor(i / w) + 0.5, y, height) && isIn((i % w) + 0.5, x, width)),
  );
}
