/**
 * A first guess for the missing pixels of an image: means of what is left around them, from ever
 * coarser copies of the image. It has the slow changes right, which solvers are slow to find.
 */

/** One channel of an image, of which some pixels are known. */
interface Level {
  readonly values: Float64Array;
  /** 1 where known. */
  readonly known: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** Fills the unknown pixels of one channel; with none known, by 0. */
export function fillFromCoarser({ values, known, height, width }: Level): Float64Array {
  if (!known.includes(0)) return values;
  const filled = values.slice();
  if (height === 1 && width === 1) return filled.fill(known[0] === 1 ? values[0]! : 0);
  const coarse = halved({ values, known, height, width });
  const guess = fillFromCoarser(coarse);
  known.forEach((isKnown, i) => {
    if (isKnown === 1) return;
    filled[i] = between(guess, coarse, Math.floor(i / width), i % width);
  });
  return filled;
}

/** Halves both sides: each pixel is the mean of what is known among four. */
function halved({ values, known, height, width }: Level): Level {
  const [h, w] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const [sums, counts] = [new Float64Array(h * w), new Uint8Array(h * w)];
  known.forEach((isKnown, i) => {
    if (isKnown === 0) return;
    const coarse = (Math.floor(i / width) >> 1) * w + ((i % width) >> 1);
    sums[coarse]! += values[i]!;
    counts[coarse]!++;
  });
  return {
    values: sums.map((sum, i) => (counts[i] === 0 ? 0 : sum / counts[i]!)),
    known: counts.map((count) => Number(count > 0)),
    height: h,
    width: w,
  };
}

/** Reads a coarse image at a pixel of the finer one, bilinearly. */
function between(guess: Float64Array, { height, width }: Level, y: number, x: number): number {
  const [top, down] = partsOf(y, height);
  const [left, across] = partsOf(x, width);
  const at = (row: number, column: number): number =>
    guess[Math.min(row, height - 1) * width + Math.min(column, width - 1)]!;
  const upper = (1 - across) * at(top, left) + across * at(top, left + 1);
  const lower = (1 - across) * at(top + 1, left) + across * at(top + 1, left + 1);
  return (1 - down) * upper + down * lower;
}

/** The coarse pixel before a fine one, and how far it is on the way to the next. */
function partsOf(fine: number, length: number): [before: number, part: number] {
  const place = Math.min(length - 1, Math.max(0, (fine - 0.5) / 2));
  const before = Math.floor(place);
  return [before, place - before];
}
