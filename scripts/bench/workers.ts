/** What `--workers` measures: SmoothGrad by 1 and by 2 workers, each in a process of its own. */
import type { Children } from './children.js';
import type { WorkersJob, WorkersResult } from './job.js';
import { gigabytes, markdown } from './markdown.js';
import type { Column } from './markdown.js';

export interface WorkersRow {
  readonly model: string;
  readonly size: number;
  readonly one: WorkersResult;
  readonly two: WorkersResult;
}

export async function measureWorkers(
  children: Children,
  models: readonly Pick<WorkersJob, 'model' | 'size'>[],
  { samples, runs }: Pick<WorkersJob, 'samples' | 'runs'>,
): Promise<WorkersRow[]> {
  const rows: WorkersRow[] = [];
  for (const { model, size } of models) {
    const measure = (workers: number): Promise<WorkersResult> => {
      process.stderr.write(`${model} by ${workers} workers\n`);
      return children.runWorkers({ model, size, workers, samples, runs });
    };
    rows.push({ model, size, one: await measure(1), two: await measure(2) });
  }
  return rows;
}

const COLUMNS: readonly Column<WorkersRow>[] = [
  { title: 'model', cell: ({ model, size }) => `${model}, ${size} x ${size}` },
  { title: '1 worker, samples/s', cell: ({ one }) => one.samplesPerSecond.toFixed(2) },
  { title: '2 workers, samples/s', cell: ({ two }) => two.samplesPerSecond.toFixed(2) },
  {
    title: 'ratio',
    cell: ({ one, two }) => (two.samplesPerSecond / one.samplesPerSecond).toFixed(2),
  },
  { title: 'resident with 1, GB', cell: ({ one }) => gigabytes(one.resident) },
  { title: 'with 2, GB', cell: ({ two }) => gigabytes(two.resident) },
];

export const workersTable = (rows: readonly WorkersRow[]): string => markdown(COLUMNS, rows);
