/**
 * The gradient of a maximum over windows, to the first of its greatest pixels in reading order.
 *
 * Letters: n images, h x w pixels, oh x ow windows of kh x kw, c channels (a multiple of 4).
 */
/**
 * Gives one window's `dy` to its winners, for the channels of one vector.
 * @param adds whether other windows may have given something before
 */
function giveWindow(
  x: usize,
  dx: usize,
  greatest: v128,
  dy: v128,
  rows: usize,
  columns: usize,
  line: usize,
  pixel: usize,
  adds: bool,
): void {
  let rest = i32x4.splat(-1);
  // A window with NaN wins at its first pixel, with NaN.
  const gradient = v128.or(dy, f32x4.ne(greatest, greatest));
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      const at = i * line + j * pixel;
      const loses = f32x4.lt(v128.load(x + at), greatest);
      const wins = v128.andnot(rest, loses);
      rest = v128.and(rest, loses);
      const gain = v128.and(gradient, wins);
      v128.store(dx + at, adds ? f32x4.add(v128.load(dx + at), gain) : gain);
    }
  }
}

export function maxPoolInputGradient(
  dy: usize,
  x: usize,
  y: usize,
  dx: usize,
  n: usize,
  h: isize,
  w: isize,
  c: usize,
  oh: isize,
  ow: isize,
  kh: isize,
  kw: isize,
  strideY: isize,
  strideX: isize,
  padTop: isize,
  padLeft: isize,
): void {
  const pixel = c * 4;
  const line = usize(w) * pixel;
  // Whether each pixel is in exactly one window, as in most networks.
  const covers = oh * strideY - padTop >= h && ow * strideX - padLeft >= w;
  const tiles = kh === strideY && kw === strideX && covers;
  if (!tiles) memory.fill(dx, 0, n * usize(h) * line);
  for (let image: usize = 0; image < n; image++) {
    for (let i: isize = 0; i < oh; i++) {
      const top = max<isize>(0, i * strideY - padTop);
      const bottom = min(h, i * strideY - padTop + kh);
      for (let j: isize = 0; j < ow; j++) {
        const left = max<isize>(0, j * strideX - padLeft);
        const right = min(w, j * strideX - padLeft + kw);
        const at = usize(top) * line + usize(left) * pixel;
        for (let channel: usize = 0; channel < c; channel += 4) {
          giveWindow(
            x + at + channel * 4,
            dx + at + channel * 4,
            v128.load(y + channel * 4),
            v128.load(dy + channel * 4),
            usize(max<isize>(0, bottom - top)),
            usize(max<isize>(0, right - left)),
            line,
            pixel,
            !tiles,
          );
        }
        y += pixel;
        dy += pixel;
      }
    }
    x += usize(h) * line;
    dx += usize(h) * line;
  }
}
