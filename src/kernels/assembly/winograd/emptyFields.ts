/**
 * Exact zeros. Winograd's sums cancel only up to rounding where a tile is not all zero but the
 * 3 x 3 pixels under an output are: black borders would open rectifiers.
 *
 * Letters: n images, h x w pixels of c channels in, oh x ow of d out.
 */
import { clamp, loadChannels, storeChannels } from '../vector';

/** Tells whether a pixel has a number other than 0, or NaN. */
function isSet(pixel: usize, c: usize): bool {
  const end = pixel + c * 4;
  for (; pixel < end; pixel += 16) {
    if (v128.any_true(f32x4.ne(v128.load(pixel), f32x4.splat(0)))) return true;
  }
  return false;
}

/** Writes a byte for each pixel, 1 where it is set; returns how many are not. */
export function markPixels(x: usize, pixels: usize, c: usize, marks: usize): usize {
  let empty: usize = 0;
  for (let i: usize = 0; i < pixels; i++) {
    const mark = isSet(x + i * c * 4, c);
    store<u8>(marks + i, u8(mark));
    empty += usize(!mark);
  }
  return empty;
}

/** Tells whether no pixel of the 3 x 3 from (top, left) on is set in the image. */
function isEmptyField(marks: usize, h: isize, w: isize, top: isize, left: isize): bool {
  for (let i = max<isize>(0, top); i < min(h, top + 3); i++) {
    for (let j = max<isize>(0, left); j < min(w, left + 3); j++) {
      if (load<u8>(marks + i * w + j)) return false;
    }
  }
  return true;
}

/** Sets the outputs over an empty field to the activated bias; non-finite ones become NaN. */
export function settleEmptyFields(
  marks: usize,
  n: usize,
  h: isize,
  w: isize,
  top: isize,
  left: isize,
  y: usize,
  oh: isize,
  ow: isize,
  d: usize,
  bias: usize,
  limits: usize,
): void {
  for (let image: usize = 0; image < n; image++) {
    for (let i: isize = 0; i < oh; i++) {
      for (let j: isize = 0; j < ow; j++) {
        if (isEmptyField(marks, h, w, i - top, j - left)) settlePixel(y, d, bias, limits);
        y += d * 4;
      }
    }
    marks += usize(h * w);
  }
}

function settlePixel(y: usize, d: usize, bias: usize, limits: usize): void {
  const least = v128.load32_splat(limits);
  const most = v128.load32_splat(limits, 4);
  for (let i: usize = 0; i < d; i += 4) {
    const noise = loadChannels(y + i * 4, d - i);
    const zero = f32x4.sub(noise, noise);
    const value = clamp(f32x4.add(v128.load(bias + i * 4), zero), least, most);
    storeChannels(y + i * 4, value, min<usize>(4, d - i));
  }
}
