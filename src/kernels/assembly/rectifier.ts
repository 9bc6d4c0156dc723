/**
 * Gradients of rectifiers, from their output y: dy times 1 or 0; NaN in y comes out. Of 4 numbers
 * or more; the last four overlap the ones before.
 */

/** 1 where y > 0, else 0; NaN where y is. */
function slope(y: v128): v128 {
  const positive = v128.and(f32x4.gt(y, f32x4.splat(0)), f32x4.splat(1));
  return v128.or(positive, f32x4.ne(y, y));
}

/** Computes dy where y > 0, else 0. */
export function reluInputGradient(dy: usize, y: usize, dx: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    const at = min(i, count - 4) * 4;
    const open = slope(v128.load(y + at));
    v128.store(dx + at, f32x4.mul(v128.load(dy + at), open));
  }
}

/** Computes dy where 0 < y < ceiling, else 0. */
export function clippedReluInputGradient(
  dy: usize,
  y: usize,
  dx: usize,
  count: usize,
  ceiling: f32,
): void {
  const most = f32x4.splat(ceiling);
  for (let i: usize = 0; i < count; i += 4) {
    const at = min(i, count - 4) * 4;
    const value = v128.load(y + at);
    const open = v128.andnot(slope(value), f32x4.ge(value, most));
    v128.store(dx + at, f32x4.mul(v128.load(dy + at), open));
  }
}
