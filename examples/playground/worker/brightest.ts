/** Of a picture in nine parts, row by row. */
const PARTS = [
  'at the top left',
  'at the top',
  'at the top right',
  'at the left',
  'in the middle',
  'at the right',
  'at the bottom left',
  'at the bottom',
  'at the bottom right',
];

/** For those who cannot see a map [h, w]: the ninth of it with the greatest sum. */
export function brightestPart(values: ArrayLike<number>, width: number): string {
  const height = values.length / width;
  const sums = PARTS.map(() => 0);
  for (let i = 0; i < values.length; i++) {
    const row = Math.floor((Math.floor(i / width) / height) * 3);
    const column = Math.floor(((i % width) / width) * 3);
    sums[3 * row + column]! += values[i]!;
  }
  return PARTS[sums.indexOf(Math.max(...sums))]!;
}
