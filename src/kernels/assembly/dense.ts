/**
 * A dense layer's way back, row by row of its weights as they lie: reading them is all it costs.
 *
 * Letters: n rows of dy, m units in (4 or more), k out (a multiple of 4); w [m, k].
 */
function sum(x: v128): f32 {
  const low = f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1);
  return low + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** Stores the products of four rows of weights with one of dy. */
export function fourDots(w: usize, step: usize, dy: usize, k: usize, to: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let i: usize = 0; i < k; i += 4) {
    const v = v128.load(dy);
    s0 = f32x4.add(s0, f32x4.mul(v, v128.load(w)));
    s1 = f32x4.add(s1, f32x4.mul(v, v128.load(w + step)));
    s2 = f32x4.add(s2, f32x4.mul(v, v128.load(w + 2 * step)));
    s3 = f32x4.add(s3, f32x4.mul(v, v128.load(w + 3 * step)));
    dy += 16;
    w += 16;
  }
  store<f32>(to, sum(s0));
  store<f32>(to, sum(s1), 4);
  store<f32>(to, sum(s2), 8);
  store<f32>(to, sum(s3), 12);
}

/** Computes dx [n, m] = dy [n, k] times w transposed. */
export function denseInputGradient(
  dy: usize,
  w: usize,
  dx: usize,
  n: usize,
  m: usize,
  k: usize,
): void {
  const step = k * 4;
  for (let i: usize = 0; i < m; i += 4) {
    // The last four overlap the ones before: the same numbers again.
    const unit = min(i, m - 4);
    for (let row: usize = 0; row < n; row++) {
      fourDots(w + unit * step, step, dy + row * step, k, dx + (row * m + unit) * 4);
    }
  }
}
