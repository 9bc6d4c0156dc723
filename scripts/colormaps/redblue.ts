/**
 * The diverging table: two straight lines in CIELAB from white, one to a blue and one to a red of
 * the same lightness and chroma. So equal magnitudes of either sign look equally strong, and
 * lightness is linear in magnitude.
 */
type Triple = [number, number, number];

/**
 * Steps on each side of white: 255 colours in all, an odd number, so that zero has a colour of its
 * own.
 */
const steps = 127;

const end = { lightness: 40, chroma: 58, blueHue: 285, redHue: 30 };

/** 255 RGB colours in 0..255, from blue over white to red. */
export function redblue(): Triple[] {
  return Array.from({ length: 2 * steps + 1 }, (_, i) => {
    const magnitude = Math.abs(i - steps) / steps;
    const hue = ((i < steps ? end.blueHue : end.redHue) * Math.PI) / 180;
    const chroma = magnitude * end.chroma;
    return bytesOfLab([
      100 - magnitude * (100 - end.lightness),
      chroma * Math.cos(hue),
      chroma * Math.sin(hue),
    ]);
  });
}

/** CIE L*a*b* of white point D65 to sRGB bytes (IEC 61966-2-1). */
function bytesOfLab([lightness, a, b]: Triple): Triple {
  const fy = (lightness + 16) / 116;
  const [x, y, z] = [0.95047 * unf(fy + a / 500), unf(fy), 1.08883 * unf(fy - b / 200)];
  return [
    byteOf(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
    byteOf(-0.969266 * x + 1.8760108 * y + 0.041556 * z),
    byteOf(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
  ];
}

/** The inverse of CIELAB's f. */
function unf(t: number): number {
  return t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29);
}

function byteOf(linear: number): number {
  const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, encoded)));
}
