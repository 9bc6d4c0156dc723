/** The gradient of a mean over all pixels: a share of dy to each. */

/** Writes dx [n, pixels, c] of dy [n, c]. */
export function globalAverageInputGradient(
  dy: usize,
  dx: usize,
  n: usize,
  pixels: usize,
  c: usize,
): void {
  const size = c * 4;
  for (let image: usize = 0; image < n; image++) {
    const first = dx;
    for (let i: usize = 0; i < size; i += 4) {
      store<f32>(first + i, load<f32>(dy + i) / f32(pixels));
    }
    dx += size;
    for (let i: usize = 1; i < pixels; i++) {
      memory.copy(dx, first, size);
      dx += size;
    }
    dy += size;
  }
}
