/** The colour tables by name. */
import { inferno } from './inferno.js';
import { magma } from './magma.js';
import { redblue } from './redblue.js';
import { turbo } from './turbo.js';
import { viridis } from './viridis.js';

/** The names of the colour maps, for a menu for instance. */
export const colormaps = ['gray', 'viridis', 'inferno', 'magma', 'turbo', 'redblue'] as const;

/**
 * `'gray'`, `'viridis'`, `'inferno'` and `'magma'` grow steadily lighter and can be read by
 * colour-blind people and in print. `'turbo'`, a rainbow, cannot: its lightness rises and falls.
 * `'redblue'` is diverging: blue below zero, white at zero, red above, as light on either side.
 */
export type Colormap = (typeof colormaps)[number];

/** Tells whether a colour map shows -1..1, zero in its middle, instead of 0..1. */
export function isDiverging(colormap: Colormap): boolean {
  return colormap === 'redblue';
}

/** Lists R, G, B in 0..255 of a map's colours, from the lowest value on. */
export function coloursOf(colormap: Colormap): Uint8Array {
  if (colormap === 'gray') return Uint8Array.from({ length: 3 * 256 }, (_, i) => Math.floor(i / 3));
  return unpack({ viridis, inferno, magma, turbo, redblue }[colormap]);
}

/** Unpacks a table: its first colour, then per channel a letter, the difference to the next. */
function unpack(table: string): Uint8Array {
  const colours = new Uint8Array(table.length - 3);
  const first = parseInt(table.slice(0, 6), 16);
  colours.set([first >> 16, first >> 8, first]); // modulo 256
  for (let i = 3; i < colours.length; i++)
    colours[i] = colours[i - 3]! + table.charCodeAt(i + 3) - NO_DIFFERENCE;
  return colours;
}

/** The letter J. */
const NO_DIFFERENCE = 74;

/** Finds R, G, B of each value, one after another. */
export function lookUp(
  values: ArrayLike<number>,
  colormap: Colormap,
): Uint8ClampedArray<ArrayBuffer> {
  const colours = coloursOf(colormap);
  const count = colours.length / 3;
  const rgb = new Uint8ClampedArray(3 * values.length);
  const [zero, scale] = isDiverging(colormap) ? [1, 2] : [0, 1];
  for (let i = 0; i < values.length; i++) {
    const position = (values[i]! + zero) / scale;
    const entry = Math.min(count - 1, Math.max(0, Math.floor(position * count)));
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = colours[3 * entry + c]!;
  }
  return rgb;
}
