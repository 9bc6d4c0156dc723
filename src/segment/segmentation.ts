/** A segmentation of places: whose labels are 0 ... count - 1, each there. */
export interface Segmentation {
  /** The label of each place, row by row. */
  readonly labels: Int32Array<ArrayBuffer>;
  readonly count: number;
}

/** The places of an image, whose neighbours share an edge. */
export interface Grid {
  readonly height: number;
  readonly width: number;
}

/** Calls `visit` with each of the up to four neighbours of a place. */
export function forNeighbours(
  place: number,
  { height, width }: Grid,
  visit: (neighbour: number) => void,
): void {
  const y = Math.floor(place / width);
  const x = place % width;
  if (x > 0) visit(place - 1);
  if (x < width - 1) visit(place + 1);
  if (y > 0) visit(place - width);
  if (y < height - 1) visit(place + width);
}

/** Numbers labels anew in the order in which they first appear. */
export function renumbered(labels: ArrayLike<number>): Segmentation {
  const numbers = new Map<number, number>();
  const renamed = Int32Array.from(labels, (label) => {
    const known = numbers.get(label) ?? numbers.size;
    numbers.set(label, known);
    return known;
  });
  return { labels: renamed, count: numbers.size };
}

/**
 * Makes every segment one piece, and none smaller than `smallest` places: pieces that are too small
 * join the neighbour that was met first.
 */
export function connected(labels: ArrayLike<number>, grid: Grid, smallest: number): Segmentation {
  const pieces = new Int32Array(labels.length).fill(-1);
  let count = 0;
  for (let start = 0; start < labels.length; start++) {
    if (pieces[start] !== -1) continue;
    const piece = [start];
    let beside = -1;
    pieces[start] = count;
    for (let i = 0; i < piece.length; i++) {
      forNeighbours(piece[i]!, grid, (neighbour) => {
        if (pieces[neighbour] === -1 && labels[neighbour] === labels[start]) {
          pieces[neighbour] = count;
          piece.push(neighbour);
        } else if (beside === -1 && pieces[neighbour]! >= 0 && pieces[neighbour] !== count) {
          beside = pieces[neighbour]!;
        }
      });
    }
    if (piece.length < smallest && beside !== -1) {
      for (const place of piece) pieces[place] = beside;
    } else count++;
  }
  return renumbered(pieces);
}
