/** The results as Markdown. */
import { BACKENDS } from './job.js';
import type { PlainResult } from './job.js';
import { gigabytes, markdown } from './markdown.js';
import type { Column } from './markdown.js';
import type { Measured, Row } from './results.js';

const ms = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 100 ? 1 : 0);
const times = (ratio: number, digits: number): string => ratio.toFixed(digits);
const gigaflops = (flops: number, milliseconds: number): string =>
  (flops / milliseconds / 1e6).toFixed(1);

/** What `show` makes of a gradient that plain tf.grad has. */
const ifPlain = (plain: PlainResult | undefined, show: (gradient: number) => string): string =>
  plain?.gradient === undefined ? ((plain && 'throws') ?? '') : show(plain.gradient);

const TIMES: readonly Column<Row>[] = [
  { title: 'model', cell: ({ model, size }) => `${model}, ${size} x ${size}` },
  { title: 'forward', cell: ({ library }) => ms(library.forward) },
  { title: 'SmoothGrad, per sample', cell: ({ library }) => ms(library.sample) },
  { title: 'sample / forward', cell: ({ library }) => times(library.sample / library.forward, 2) },
  { title: 'single gradient', cell: ({ library }) => ms(library.gradient) },
  {
    title: 'Grad-CAM / forward',
    cell: ({ library }) => library.gradCamPerForward?.toFixed(2) ?? '',
  },
  { title: 'tf.grad', cell: ({ plain }) => ifPlain(plain, ms) },
  {
    title: 'tf.grad / sample',
    cell: ({ plain, library }) => ifPlain(plain, (each) => times(each / library.sample, 1)),
  },
  {
    title: 'GFLOP/s forward',
    cell: ({ library }) => gigaflops(library.forwardFlops, library.forward),
  },
  {
    title: 'GFLOP/s sample',
    cell: ({ library }) => gigaflops(library.sampleFlops, library.sample),
  },
  { title: 'peak tensors', cell: ({ library }) => String(library.peakTensors) },
  {
    title: 'peak tensors, tf.grad',
    cell: ({ plain }) => ifPlain(plain, () => String(plain!.peakTensors)),
  },
];

function memoryColumns(rows: readonly Row[]): Column<Row>[] {
  const after = rows[0]!.library.resident.map(({ samples }, i) => {
    return {
      title: `${samples} samples`,
      cell: (row: Row) => gigabytes(row.library.resident[i]!.bytes),
    };
  });
  return [
    { title: 'model', cell: ({ model }) => model },
    ...after,
    { title: 'one tf.grad', cell: ({ plain }) => ifPlain(plain, () => gigabytes(plain!.resident)) },
  ];
}

const TORCH: readonly Column<Row>[] = [
  { title: 'model', cell: ({ model }) => model },
  { title: 'forward', cell: ({ torch }) => ms(torch!.forward) },
  { title: 'gradient', cell: ({ torch }) => ms(torch!.gradient) },
  { title: 'gradient / forward', cell: ({ torch }) => times(torch!.gradient / torch!.forward, 2) },
  {
    title: 'GFLOP/s forward',
    cell: ({ torch, library }) => gigaflops(library.forwardFlops, torch!.forward),
  },
  { title: 'resident, GB', cell: ({ torch }) => gigabytes(torch!.resident) },
];

/** Why a number of tf.grad's is missing, or what it took to get one. */
function notesOf(rows: readonly Row[]): string[] {
  return rows.flatMap(({ model, plain }) => {
    if (plain === undefined) return [];
    const { patched, error } = plain;
    const registered =
      patched.length === 0 ? '' : ` with ${patched.join(' and ')} registered for it`;
    if (error !== undefined) return [`- ${model}: tf.grad throws${registered}: ${error}`];
    return registered === '' ? [] : [`- ${model}: tf.grad runs only${registered}`];
  });
}

/** Where and when. */
export const headingOf = ({ machine, date, loadBefore }: Measured): string =>
  `${machine}; ${date.slice(0, 10)}, load average before ${loadBefore.toFixed(1)}; one thread, batch of 1`;

export function tablesOf(rows: readonly (Row & Measured)[]): string {
  const parts = [headingOf(rows[0]!)];
  for (const backend of BACKENDS) {
    const own = rows.filter((row) => row.backend === backend);
    if (own.length === 0) continue;
    parts.push(`## ${backend}: medians in ms`, markdown(TIMES, own), notesOf(own).join('\n'));
    if (backend === 'wasm')
      parts.push('## Resident memory in GB', markdown(memoryColumns(own), own));
  }
  const compared = rows.filter(({ torch }) => torch !== undefined);
  if (compared.length > 0) {
    parts.push(
      `## PyTorch ${compared[0]!.torch!.version}: medians in ms`,
      markdown(TORCH, compared),
    );
  }
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
