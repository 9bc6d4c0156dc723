/**
 * Letters as lines of an SVG path: captions must not depend on fonts, of which a bare machine has
 * none.
 *
 * Units: the baseline is y = 0, small letters reach up to -4, tall ones to -6, and g and p hang
 * down to 2.
 */
interface Glyph {
  readonly width: number;
  readonly path: string;
}

const bowl = 'M0-2a2 2 0 1 0 4 0a2 2 0 1 0-4 0';

/** Small letters, digits and marks; of the capitals those of the examples' own words. */
const glyphs: Readonly<Record<string, Glyph>> = {
  ' ': { width: 1, path: '' },
  ',': { width: 0.6, path: 'M.5-.2L0 1.2' },
  '.': { width: 0, path: 'M0-.1V0' },
  ':': { width: 0, path: 'M0-3.4V-3.3M0-.1V0' },
  '-': { width: 2.4, path: 'M0-2.2H2.4' },
  _: { width: 3, path: 'M0 1H3' },
  "'": { width: 0, path: 'M0-6V-4.6' },
  '/': { width: 2.6, path: 'M0 .8L2.6-6.4' },
  '(': { width: 1.2, path: 'M1.2-6.6Q-1.2-2.6 1.2 1.4' },
  ')': { width: 1.2, path: 'M0-6.6Q2.4-2.6 0 1.4' },
  '%': {
    width: 5.4,
    path: 'M4.8-6L.6 0M0-4.8a1.1 1.2 0 1 0 2.2 0a1.1 1.2 0 1 0-2.2 0M3.2-1.2a1.1 1.2 0 1 0 2.2 0a1.1 1.2 0 1 0-2.2 0',
  },
  0: { width: 3.6, path: 'M0-3a1.8 3 0 1 0 3.6 0a1.8 3 0 1 0-3.6 0' },
  1: { width: 2, path: 'M.2-4.6L2-6V0' },
  2: { width: 3.6, path: 'M.1-4.6A1.75 1.75 0 1 1 3.1-3.2L0 0H3.6' },
  3: { width: 3.6, path: 'M.3-5.2A1.6 1.45 0 1 1 1.6-3.2A1.8 1.6 0 1 1 .1-.9' },
  4: { width: 3.9, path: 'M2.8 0V-6L0-1.7H3.9' },
  5: { width: 3.6, path: 'M3.3-6H.6L.3-3.3A1.85 1.85 0 1 1 .1-.8' },
  6: { width: 3.6, path: 'M2.8-6C1.2-5 0-3.4 0-1.9a1.8 1.9 0 1 0 3.6 0a1.8 1.9 0 1 0-3.6 0' },
  7: { width: 3.6, path: 'M0-6H3.6L1.2 0' },
  8: {
    width: 3.6,
    path: 'M.3-4.6a1.5 1.4 0 1 0 3 0a1.5 1.4 0 1 0-3 0M0-1.6a1.8 1.6 0 1 0 3.6 0a1.8 1.6 0 1 0-3.6 0',
  },
  9: { width: 3.6, path: 'M.8 0C2.4-1 3.6-2.6 3.6-4.1a1.8 1.9 0 1 0-3.6 0a1.8 1.9 0 1 0 3.6 0' },
  G: { width: 5, path: 'M4.5-4.8A2.5 3 0 1 0 5-2.7H2.9' },
  S: { width: 4, path: 'M3.7-5C2.9-6.3 .2-6.3 .2-4.5C.2-2.6 4-3.4 4-1.5C4 .3 1 .4 0-1.1' },
  a: { width: 4, path: `${bowl}M4-4V0` },
  b: { width: 4, path: `${bowl}M0-6V0` },
  c: { width: 3.4, path: 'M3.4-3.4A2 2 0 1 0 3.4-.6' },
  d: { width: 4, path: `${bowl}M4-6V0` },
  e: { width: 4, path: 'M0-2H4a2 2 0 1 0-.7 1.5' },
  f: { width: 2.4, path: 'M2.4-5.9Q.9-6.3 .9-4.6V0M0-4H2.2' },
  g: { width: 4, path: `${bowl}M4-4V0a2 2 0 0 1-3.7 1` },
  h: { width: 3.8, path: 'M0-6V0M0-2a1.9 2 0 0 1 3.8 0V0' },
  i: { width: 0, path: 'M0-4V0M0-5.8V-5.7' },
  j: { width: 1, path: 'M1-4V.8Q1 2.2 0 2M1-5.8V-5.7' },
  k: { width: 3.2, path: 'M0-6V0M3-4L0-1.6M1.2-2.6L3.2 0' },
  l: { width: 0, path: 'M0-6V0' },
  m: { width: 6, path: 'M0-4V0M0-2.3a1.5 1.7 0 0 1 3 0V0M3-2.3a1.5 1.7 0 0 1 3 0V0' },
  n: { width: 3.6, path: 'M0-4V0M0-2.2a1.8 1.8 0 0 1 3.6 0V0' },
  o: { width: 4, path: bowl },
  p: { width: 4, path: `${bowl}M0-4V2` },
  q: { width: 4, path: `${bowl}M4-4V2` },
  r: { width: 2.2, path: 'M0-4V0M0-2a2 2 0 0 1 2.2-1.9' },
  s: { width: 3, path: 'M2.8-3.3C2.2-4.2 .2-4.2 .2-3C.2-1.7 3-2.3 3-1C3 .3 .7 .2 0-.8' },
  t: { width: 2.2, path: 'M.8-5.4V-1.2a1.2 1.2 0 0 0 1.4 1.1M0-4H2.1' },
  u: { width: 3.6, path: 'M0-4V-1.8a1.8 1.8 0 0 0 3.6 0V-4M3.6-1.8V0' },
  v: { width: 3.4, path: 'M0-4L1.7 0L3.4-4' },
  w: { width: 5.4, path: 'M0-4L1.4 0L2.7-3.4L4 0L5.4-4' },
  x: { width: 3.2, path: 'M0-4L3.2 0M3.2-4L0 0' },
  y: { width: 3.4, path: 'M0-4L1.7 0M3.4-4L1.7 0L.8 2' },
  z: { width: 3.2, path: 'M0-4H3.2L0 0H3.2' },
};

const letterGap = 1.4;

/** For what there is no letter for. */
const box: Glyph = { width: 3.4, path: 'M0-5H3.4V0H0Z' };

/** A capital is drawn as the small letter if need be, and a letter without its accents. */
function glyphOf(character: string): Glyph {
  return glyphs[character] ?? glyphs[character.toLowerCase()] ?? box;
}

/**
 * Draws one line of black text in the middle of a transparent strip, as an SVG.
 *
 * @param width - of the strip in pixels
 * @param height - of the strip in pixels; the text fills about two thirds of it, or less where it
 * would be wider than the strip
 */
export function lettering(text: string, width: number, height: number): string {
  let x = 0;
  const letters = [...text.normalize('NFD').replace(/\p{M}/gu, '')].map((character) => {
    const glyph = glyphOf(character);
    const letter = `<path transform="translate(${x.toFixed(2)} 0)" d="${glyph.path}"/>`;
    x += glyph.width + letterGap;
    return letter;
  });
  const scale = Math.min(height / 12, (0.95 * width) / Math.max(1, x - letterGap));
  const left = (width - (x - letterGap) * scale) / 2;
  const baseline = height / 2 + 2 * scale;
  const style =
    'fill="none" stroke="black" stroke-width="0.85" stroke-linecap="round" stroke-linejoin="round"';
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<g transform="translate(${left.toFixed(2)} ${baseline.toFixed(2)}) scale(${scale.toFixed(3)})" ${style}>` +
    `${letters.join('')}</g></svg>`
  );
}
