/** The regions of XRAI: the segments of an image at several scales, which overlap. */
import { felzenszwalb, pixelGraph } from './felzenszwalb.js';
import { forNeighbours } from './segmentation.js';
import type { Grid, Segmentation } from './segmentation.js';

/** A region: the places in it. */
export type Region = readonly number[];

/** Of an image of 224 x 224 pixels, as in the authors' code; areas of others are in proportion. */
const USUAL = { area: 224 * 224, side: 224 };
const SCALES = [50, 100, 150, 250, 500, 1200];
const SMALLEST = 150;
const DILATION = 5;

/**
 * Segments an image at six scales and widens each segment a little.
 * @param colors in 0..255, row by row, blurred already
 */
export function regionsOf(colors: ArrayLike<number>, grid: Grid): Region[] {
  const area = (grid.height * grid.width) / USUAL.area;
  const graph = pixelGraph(
    Float64Array.from(colors, (value) => value / 255),
    grid,
  );
  const dilation = Math.round(DILATION * Math.sqrt(area));
  return SCALES.flatMap((scale) => {
    const options = { scale: (scale / 255) * area, smallest: SMALLEST * area };
    return segmentsOf(felzenszwalb(graph, options)).map((segment) =>
      dilated(segment, grid, dilation),
    );
  });
}

/** Lists the places of each label. */
export function segmentsOf({ labels, count }: Segmentation): Region[] {
  const segments: number[][] = Array.from({ length: count }, () => []);
  labels.forEach((label, place) => segments[label]!.push(place));
  return segments;
}

/** Adds the places up to `steps` steps away. */
function dilated(region: Region, grid: Grid, steps: number): Region {
  const isInside = new Uint8Array(grid.height * grid.width);
  for (const place of region) isInside[place] = 1;
  const all = [...region];
  // The places of the last step are the border of the next.
  for (let step = 0, first = 0; step < steps; step++) {
    const end = all.length;
    for (; first < end; first++) {
      forNeighbours(all[first]!, grid, (neighbour) => {
        if (isInside[neighbour] === 1) return;
        isInside[neighbour] = 1;
        all.push(neighbour);
      });
    }
  }
  return all;
}

/**
 * Ranks regions: again and again takes the one whose places that are not taken yet have the
 * greatest mean attribution, and gives them that mean. Places of no region get their mean.
 * @param attributions of each place
 * @returns a number of each place
 */
export function rankedRegions(
  regions: readonly Region[],
  attributions: ArrayLike<number>,
): Float64Array {
  const result = new Float64Array(attributions.length);
  const taken = new Uint8Array(attributions.length);
  const sums = regions.map((region) =>
    region.reduce((sum, place) => sum + attributions[place]!, 0),
  );
  const sizes = regions.map((region) => region.length);
  const regionsAt: number[][] = Array.from({ length: attributions.length }, () => []);
  regions.forEach((region, i) => {
    for (const place of region) regionsAt[place]!.push(i);
  });
  const gain = (i: number): number => (sizes[i]! > 0 ? sums[i]! / sizes[i]! : -Infinity);
  for (;;) {
    let best = -1;
    for (let i = 0; i < regions.length; i++)
      if (sizes[i]! > 0 && (best === -1 || gain(i) > gain(best))) best = i;
    if (best === -1) break;
    const value = gain(best);
    for (const place of regions[best]!) {
      if (taken[place] === 1) continue;
      taken[place] = 1;
      result[place] = value;
      for (const other of regionsAt[place]!) {
        sums[other]! -= attributions[place]!;
        sizes[other]! -= 1;
      }
    }
  }
  fillRest(result, taken, attributions);
  return result;
}

function fillRest(result: Float64Array, taken: Uint8Array, attributions: ArrayLike<number>): void {
  const rest = [...taken.keys()].filter((place) => taken[place] === 0);
  const mean = rest.reduce((sum, place) => sum + attributions[place]!, 0) / rest.length;
  for (const place of rest) result[place] = mean;
}
