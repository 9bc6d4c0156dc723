/**
 * Contour lines one pixel wide, just inside what they surround: a pixel at or above a level (in
 * magnitude) that has a neighbour below it, or of the other sign, gets that level, with its own
 * sign. Where lines meet the highest shows.
 *
 * @param values - a map, row by row
 * @returns for each pixel the signed level of the line through it, 0 where there is none
 */
export function contourLines(
  values: Float32Array,
  width: number,
  levels: readonly number[],
): Float32Array {
  const descending = [...levels].sort((a, b) => b - a);
  return values.map((value, i) => {
    const sign = Math.sign(value);
    const lowest = Math.min(...neighbours(values, i, width).map((neighbour) => sign * neighbour));
    return sign * (descending.find((level) => sign * value >= level && lowest < level) ?? 0);
  });
}

/**
 * The values left, right, above and below; at the border the value itself stands for the missing
 * one.
 */
function neighbours(values: Float32Array, i: number, width: number): number[] {
  const value = values[i]!;
  const column = i % width;
  return [
    column > 0 ? values[i - 1]! : value,
    column < width - 1 ? values[i + 1]! : value,
    values[i - width] ?? value,
    values[i + width] ?? value,
  ];
}
