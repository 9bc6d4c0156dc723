/**
 * Blocks of 16 x 16 channels of one tap of a filter: whole cache lines, many at a time, whichever
 * way the filter lies.
 *
 * Letters: c channels in, d out, of the product that is wanted.
 */

/** Floats in a row of a block. */
export const BLOCK: usize = 16;

/**
 * Copies channels [i, i + 16) x [j, j + 16) of a tap to [16][16] at `to`, zeros beyond c and d.
 * @param tap address of the tap's matrix, [c, d], or [d, c] if `transposed`
 */
export function filterBlock(
  tap: usize,
  c: usize,
  d: usize,
  i: usize,
  j: usize,
  transposed: bool,
  to: usize,
): void {
  if (i + BLOCK > c || j + BLOCK > d || (transposed ? c & 3 : d & 3)) {
    copyEdge(tap, c, d, i, j, transposed, to);
  } else if (transposed) {
    copyTransposed(tap + (j * c + i) * 4, c * 4, to);
  } else {
    copyRows(tap + (i * d + j) * 4, d * 4, to);
  }
}

function copyRows(from: usize, step: usize, to: usize): void {
  for (const end = to + 1024; to < end; to += 64) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    from += step;
  }
}

function copyTransposed(from: usize, step: usize, to: usize): void {
  for (let j: usize = 0; j < 64; j += 16) {
    for (let i: usize = 0; i < 64; i += 16) {
      transpose4x4(from + i, step, to + i * 16 + j);
    }
    from += 4 * step;
  }
}

function transpose4x4(from: usize, step: usize, to: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + step);
  const r2 = v128.load(from + 2 * step);
  const r3 = v128.load(from + 3 * step);
  const p0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const p1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const p2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const p3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(p0, p2, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(p0, p2, 2, 3, 6, 7), 64);
  v128.store(to, v128.shuffle<f32>(p1, p3, 0, 1, 4, 5), 128);
  v128.store(to, v128.shuffle<f32>(p1, p3, 2, 3, 6, 7), 192);
}

function copyEdge(
  tap: usize,
  c: usize,
  d: usize,
  i: usize,
  j: usize,
  transposed: bool,
  to: usize,
): void {
  memory.fill(to, 0, 1024);
  for (let row: usize = 0; row < min(BLOCK, c - i); row++) {
    for (let column: usize = 0; column < min(BLOCK, d - j); column++) {
      const at = transposed ? (j + column) * c + i + row : (i + row) * d + j + column;
      store<f32>(to + (row * BLOCK + column) * 4, load<f32>(tap + at * 4));
    }
  }
}
