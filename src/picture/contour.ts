/** Contour lines by marching squares, drawn smooth. */

/** The line through each pixel of a picture. */
export interface Contours {
  /** The level of the line, with the sign of what it surrounds. */
  readonly levels: Float32Array;
  /** How much of the pixel the line covers, 0..1. */
  readonly coverage: Float32Array;
}

type Point = readonly [x: number, y: number];
type Segment = readonly [Point, Point];

/**
 * Draws lines around what is at or above a level in magnitude, of either sign.
 *
 * A line is straight in each square of four pixel centres. It covers of a pixel at distance d what
 * `lineWidth / 2 + 0.5 - d` is, cut to 0..1. Of several lines the one that covers most shows.
 *
 * @param values - a map, row by row
 * @param levels - magnitudes > 0
 * @param lineWidth - in pixels
 */
export function contourLines(
  values: Float32Array,
  width: number,
  levels: readonly number[],
  lineWidth: number,
): Contours {
  const contours = {
    levels: new Float32Array(values.length),
    coverage: new Float32Array(values.length),
  };
  for (const level of [...levels].sort((a, b) => a - b)) {
    for (const sign of [1, -1]) {
      for (const segment of segments(values, width, level, sign))
        draw(contours, width, segment, sign * level, lineWidth / 2 + 0.5);
    }
  }
  return contours;
}

/** Finds where `sign * values` crosses the level; beyond the border values repeat. */
function* segments(
  values: Float32Array,
  width: number,
  level: number,
  sign: number,
): Generator<Segment> {
  const height = values.length / width;
  const above = (i: number): number => sign * values[i]! - level;
  for (let y = -1; y < height; y++) {
    const [upper, lower] = [Math.max(0, y) * width, Math.min(height - 1, y + 1) * width];
    for (let x = -1; x < width; x++) {
      const [left, right] = [Math.max(0, x), Math.min(width - 1, x + 1)];
      const [a, b] = [above(upper + left), above(upper + right)];
      const [c, d] = [above(lower + right), above(lower + left)];
      const isInside = a >= 0;
      if (isInside === b >= 0 && isInside === c >= 0 && isInside === d >= 0) continue;
      yield* segmentsOf([a, b, c, d], x, y);
    }
  }
}

/** Joins the crossings of a square's sides; in a saddle the mean tells which belong together. */
function segmentsOf(
  corners: readonly [number, number, number, number],
  x: number,
  y: number,
): Segment[] {
  const [a, b, c, d] = corners;
  const isInside = (value: number) => value >= 0;
  const sides: [number, number, (t: number) => Point][] = [
    [a, b, (t) => [x + t, y]],
    [b, c, (t) => [x + 1, y + t]],
    [c, d, (t) => [x + 1 - t, y + 1]],
    [d, a, (t) => [x, y + 1 - t]],
  ];
  const points = sides
    .filter(([start, end]) => isInside(start) !== isInside(end))
    .map(([start, end, at]) => at(start / (start - end)));
  const [p, q, r, s] = points as [Point, Point, Point?, Point?];
  if (r === undefined || s === undefined) return [[p, q]];
  const isOpen = isInside(a + b + c + d) === isInside(a);
  return isOpen
    ? [
        [p, q],
        [r, s],
      ]
    : [
        [s, p],
        [q, r],
      ];
}

/** Covers the pixels nearer to the segment than `reach`. */
function draw(
  { levels, coverage }: Contours,
  width: number,
  [[x1, y1], [x2, y2]]: Segment,
  level: number,
  reach: number,
): void {
  const height = levels.length / width;
  const bottom = Math.min(height - 1, Math.floor(Math.max(y1, y2) + reach));
  const right = Math.min(width - 1, Math.floor(Math.max(x1, x2) + reach));
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy;
  for (let y = Math.max(0, Math.ceil(Math.min(y1, y2) - reach)); y <= bottom; y++) {
    for (let x = Math.max(0, Math.ceil(Math.min(x1, x2) - reach)); x <= right; x++) {
      const along = square === 0 ? 0 : ((x - x1) * dx + (y - y1) * dy) / square;
      const t = Math.min(1, Math.max(0, along));
      const covered = Math.min(
        1,
        reach - Math.sqrt((x - x1 - t * dx) ** 2 + (y - y1 - t * dy) ** 2),
      );
      const i = y * width + x;
      if (covered <= 0 || covered < coverage[i]!) continue;
      coverage[i] = covered;
      levels[i] = level;
    }
  }
}
