/** What `--picture` measures, and its table. */
import { markdown } from './markdown.js';
import type { Column } from './markdown.js';
import type { PictureResult } from './job.js';

/** Until what is shown is predicted to have converged so far. */
export const RELIABILITY = 0.95;

/** Seconds after which nobody waits for a picture. */
export const LIMIT = 60;

export interface PictureRow {
  readonly model: string;
  readonly size: number;
  readonly pictures: readonly (PictureResult & { readonly method: string })[];
}

/** '4.2 (24)': seconds, and how many samples they were; how far these got, if not far enough. */
function cellOf({ seconds, samples, reliability = 1 }: PictureResult): string {
  if (seconds >= LIMIT) return `over ${LIMIT}`;
  const time = seconds.toFixed(seconds < 10 ? 1 : 0);
  if (samples === undefined) return time;
  const reached = reliability < RELIABILITY ? `: ${reliability.toFixed(2)}` : '';
  return `${time} (${samples}${reached})`;
}

/** A row per method, a column per model. */
export function pictureTable(rows: readonly PictureRow[]): string {
  const [first] = rows;
  if (first === undefined) return 'Not measured yet.';
  const columns: readonly Column<{ method: string }>[] = [
    { title: 'method', cell: ({ method }) => `\`${method}\`` },
    ...rows.map(({ model, size, pictures }) => ({
      title: `${model}, ${size} x ${size}`,
      cell({ method }: { method: string }): string {
        const found = pictures.find((each) => each.method === method);
        return found === undefined ? '' : cellOf(found);
      },
    })),
  ];
  return markdown(columns, first.pictures);
}
