/**
 * Writes the colour tables of src/picture/colormaps/:
 *
 *     npm install --no-save plotty@0.4.9 && npx tsx scripts/colormaps/generate.ts
 *
 * plotty (MIT, no dependencies) holds, rounded to bytes, the 256 colours that matplotlib publishes
 * for each of viridis, inferno, magma and turbo. redblue is a formula, see redblue.ts beside this
 * file.
 */
import { writeFileSync } from 'node:fs';
import { colorscales } from 'plotty/src/colorscales.js';
import { redblue } from './redblue.js';

type RGB = readonly [number, number, number];

const viridisFamily =
  'Stéfan van der Walt and Nathaniel Smith for matplotlib\n// (https://bids.github.io/colormap/), CC0';

function publishedColours(name: keyof typeof colorscales): RGB[] {
  const rgba = colorscales[name];
  return Array.from({ length: rgba.length / 4 }, (_, i) => [
    rgba[4 * i]!,
    rgba[4 * i + 1]!,
    rgba[4 * i + 2]!,
  ]);
}

/** The first colour in hexadecimal digits, then a letter per channel for its difference: J is 0. */
function pack(colours: readonly RGB[]): string {
  const first = colours[0]!.map((byte) => byte.toString(16).padStart(2, '0'));
  const bytes = colours.flat();
  const differences = bytes.slice(3).map((byte, i) => byte - bytes[i]!);
  if (differences.some((difference) => difference < -9 || difference > 16))
    throw new RangeError('two neighbouring colours differ by more than a letter can say');
  return [...first, ...differences.map((difference) => String.fromCharCode(74 + difference))].join(
    '',
  );
}

function writeTable(name: string, source: string, colours: readonly RGB[]): void {
  const text = `// Written by scripts/colormaps/generate.ts: ${colours.length} colours.
// Source: ${source}.
export const ${name} =
  '${pack(colours)}';
`;
  writeFileSync(new URL(`../../src/picture/colormaps/${name}.ts`, import.meta.url), text);
}

writeTable('viridis', viridisFamily, publishedColours('viridis'));
writeTable('inferno', viridisFamily, publishedColours('inferno'));
writeTable('magma', viridisFamily, publishedColours('magma'));
writeTable(
  'turbo',
  'Anton Mikhailov, "Turbo, an improved rainbow colormap", Google AI blog 2019, Apache-2.0',
  publishedColours('turbo'),
);
writeTable('redblue', 'two straight lines in CIELAB, see scripts/colormaps/redblue.ts', redblue());
