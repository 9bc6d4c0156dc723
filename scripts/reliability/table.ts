/** The table in Markdown: medians over the blocks. */
import type { Found } from './blocks.js';
import { median } from '../statistics.js';

export const HEADER = [
  '| noiseLevel | samples | predicted | measured | measured, with 1000 other samples as they are |',
  '| ---: | ---: | ---: | ---: | ---: |',
];

/** @param blocks what was found of each block, after each number of samples in `at` */
export function rowsOf(
  noiseLevel: number,
  at: readonly number[],
  blocks: readonly (readonly Found[])[],
): string[] {
  return at.map((samples, step) => {
    const found = blocks.map((block) => block[step]!);
    const medians = (['predicted', 'corrected', 'measured'] as const).map((what) =>
      median(found.map((each) => each[what])).toFixed(2),
    );
    return `| ${[noiseLevel, samples, ...medians].join(' | ')} |`;
  });
}
