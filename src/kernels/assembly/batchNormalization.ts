/** Batch normalization with constant statistics, four channels at a time. */

/**
 * Writes y [pixels, c] of x [pixels, c]; c is a multiple of 4.
 * @param offset address of c numbers, or 0 for none
 * @param scale address of c numbers, or 0 for none
 * @param scratch for 2 c numbers
 */
export function batchNormalization(
  x: usize,
  mean: usize,
  variance: usize,
  offset: usize,
  scale: usize,
  epsilon: f32,
  y: usize,
  pixels: usize,
  c: usize,
  scratch: usize,
): void {
  const size = c * 4;
  const factors = scratch;
  const shifts = factors + size;
  for (let i: usize = 0; i < size; i += 16) {
    const deviation = f32x4.sqrt(f32x4.add(v128.load(variance + i), f32x4.splat(epsilon)));
    const numerator = scale ? v128.load(scale + i) : f32x4.splat(1);
    v128.store(factors + i, f32x4.div(numerator, deviation));
    v128.store(shifts + i, offset ? v128.load(offset + i) : f32x4.splat(0));
  }
  for (const end = y + pixels * size; y < end; y += size) {
    for (let i: usize = 0; i < size; i += 16) {
      const centred = f32x4.sub(v128.load(x + i), v128.load(mean + i));
      const scaled = f32x4.mul(centred, v128.load(factors + i));
      v128.store(y + i, f32x4.add(scaled, v128.load(shifts + i)));
    }
    x += size;
  }
}
