/** Colours as SLIC compares them: CIE Lab, where equal distances look about equal. */

/**
 * Converts sRGB in 0..255 to Lab, white point D65; gray values to their lightness alone.
 * @param pixels of one channel or three; those of another number stay as they are
 */
export function toLab(pixels: ArrayLike<number>, channels: number): Float64Array<ArrayBuffer> {
  if (channels === 1) return Float64Array.from(pixels, (gray) => lightness(linear(gray)));
  const lab = Float64Array.from(pixels);
  if (channels !== 3) return lab;
  for (let i = 0; i < lab.length; i += 3) {
    const [r, g, b] = [linear(lab[i]!), linear(lab[i + 1]!), linear(lab[i + 2]!)];
    const x = root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    const y = root(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
    const z = root((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
    lab[i] = 116 * y - 16;
    lab[i + 1] = 500 * (x - y);
    lab[i + 2] = 200 * (y - z);
  }
  return lab;
}

const lightness = (y: number): number => 116 * root(y) - 16;

/** Undoes the gamma of sRGB: 0..255 -> 0..1. */
function linear(value: number): number {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

const root = (t: number): number =>
  t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
