/** The table in Markdown. */
import type { Found } from './measure.js';

export const HEADER = [
  '| model | view | samples | predicted | measured |',
  '| --- | --- | ---: | ---: | ---: |',
];

/** @param photos what was found on each photo, in the same order */
export function rowsOf(model: string, photos: readonly (readonly Found[])[]): string[] {
  return photos[0]!.map(({ view, samples }, i) => {
    const range = (what: 'predicted' | 'measured'): string =>
      photos.map((found) => found[i]![what].toFixed(2).replace(/^0/, '')).join(', ');
    return `| ${[model, view, samples, range('predicted'), range('measured')].join(' | ')} |`;
  });
}
