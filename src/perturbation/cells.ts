import type { Places } from './places.js';

/** A grid of cells over places. */
export interface Cells {
  /** Their number. */
  readonly count: number;
  /** The cell of each place. */
  readonly cellOf: Int32Array;
}

/**
 * Cuts places into cells.
 * @param cells how many along each axis, or along all of them; no more than there are places
 */
export function cellsOf({ shape, size }: Places, cells: number | readonly number[]): Cells {
  const counts = shape.map((length, axis) =>
    Math.min(typeof cells === 'number' ? cells : cells[axis]!, length),
  );
  const cellOf = Int32Array.from({ length: size }, (_, place) => {
    let rest = place;
    let cell = 0;
    let unit = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const length = shape[axis]!;
      cell += unit * Math.floor(((rest % length) * counts[axis]!) / length);
      rest = Math.floor(rest / length);
      unit *= counts[axis]!;
    }
    return cell;
  });
  return { count: counts.reduce((product, length) => product * length, 1), cellOf };
}
