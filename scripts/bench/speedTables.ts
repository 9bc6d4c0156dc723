/** The tables of docs/speed.md about gradients. */
import { gigabytes, markdown } from './markdown.js';
import type { Column } from './markdown.js';
import type { StoredRow } from './results.js';
import type { WorkersRow } from './workers.js';

const ms = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '' : milliseconds.toFixed(milliseconds < 100 ? 1 : 0);
const ratio = (a: number, b: number | undefined): string =>
  b === undefined ? '' : (a / b).toFixed(2);

function plainTime({ plain }: StoredRow): string {
  if (plain === undefined) return '';
  if (plain.gradient === undefined) return 'throws';
  return `${ms(plain.gradient)}${plain.patched.length > 0 ? ' ¹' : ''}`;
}

const SAMPLES: readonly Column<StoredRow>[] = [
  { title: 'model', cell: ({ model, size }) => `${model}, ${size} x ${size}` },
  { title: 'forward, ms', cell: ({ library }) => ms(library.forward) },
  { title: 'sample, ms', cell: ({ library }) => ms(library.sample) },
  { title: 'sample / forward', cell: ({ library }) => ratio(library.sample, library.forward) },
  { title: 'single gradient, ms', cell: ({ library }) => ms(library.gradient) },
  { title: '`tf.grad`, ms', cell: plainTime },
  {
    title: '`tf.grad` / sample',
    cell: ({ plain, library }) =>
      plain?.gradient === undefined ? '' : (plain.gradient / library.sample).toFixed(1),
  },
  {
    title: 'memory, GB',
    cell: ({ library }) => gigabytes(library.resident.at(-1)?.bytes ?? 0),
  },
  {
    title: "`tf.grad`'s",
    cell: ({ plain }) => (plain?.gradient === undefined ? '' : gigabytes(plain.resident)),
  },
];

export const samplesTable = (rows: readonly StoredRow[]): string => markdown(SAMPLES, rows);

/** What had to be registered for tf.grad to run, if anything. */
export function footnotesOf(rows: readonly StoredRow[]): string[] {
  const kernels = new Set(rows.flatMap(({ plain }) => plain?.patched ?? []));
  if (kernels.size === 0) return [];
  const list = [...kernels].sort().map((kernel) => `\`${kernel}\``);
  return [`¹ Only with kernels registered for it that wasm lacks: ${list.join(' and ')}.`];
}

/** Beside PyTorch on one thread, and, with two workers, on two. */
export function torchTable(rows: readonly StoredRow[], workers: readonly WorkersRow[]): string {
  const samplesPerSecond = ({ model, size }: StoredRow): number | undefined =>
    workers.find((row) => row.model === model && row.size === size)?.two.samplesPerSecond;
  const columns: readonly Column<StoredRow>[] = [
    { title: 'model', cell: ({ model, size }) => `${model}, ${size} x ${size}` },
    { title: 'sample, ms', cell: ({ library }) => ms(library.sample) },
    { title: 'PyTorch, 1 thread, ms', cell: ({ torch }) => ms(torch!.gradient) },
    { title: 'ratio', cell: ({ library, torch }) => ratio(library.sample, torch!.gradient) },
    {
      title: 'sample of 2 workers, ms',
      cell: (row) => {
        const rate = samplesPerSecond(row);
        return rate === undefined ? '' : ms(1000 / rate);
      },
    },
    { title: 'PyTorch, 2 threads, ms', cell: ({ torch }) => ms(torch!.onTwoThreads.gradient) },
    {
      title: 'ratio',
      cell: (row) => {
        const rate = samplesPerSecond(row);
        return rate === undefined ? '' : ratio(1000 / rate, row.torch!.onTwoThreads.gradient);
      },
    },
  ];
  return markdown(columns, rows);
}
