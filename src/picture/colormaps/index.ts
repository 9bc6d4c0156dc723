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

/** Whether a colour map shows -1..1 (zero in its middle) instead of 0..1. */
export function isDiverging(colormap: Colormap): boolean {
  return colormap === 'redblue';
}

/**
 * The colours of a map from its lowest value to its highest: R, G, B in 0..255 for each, one after
 * another.
 */
export function coloursOf(colormap: Colormap): Uint8Array {
  if (colormap === 'gray') return Uint8Array.from({ length: 3 * 256 }, (_, i) => Math.floor(i / 3));
  const hex = { viridis, inferno, magma, turbo, redblue }[colormap];
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}
