/** What `--exactness` measures, and its table. */
import { markdown } from './markdown.js';

/** Of each SmoothGrad map. */
export const SAMPLES = 50;

export interface ExactnessRow {
  readonly model: string;
  /** Height and width of the input. */
  readonly size: number;
  /** Correlations of maps with own kernels and with tfjs's. */
  readonly smoothGrad: number;
  readonly vanilla: number;
  /** Of tfjs's vanilla gradients of the input and of one that differs by an ulp. */
  readonly ulp: number;
}

/** Shows a correlation by what it lacks to 1. */
const lack = (value: number): string => (1 - value).toExponential(1);

export const exactnessTable = (rows: readonly ExactnessRow[]): string =>
  markdown(
    [
      { title: 'model', cell: ({ model, size }) => `${model}, ${size} x ${size}` },
      { title: `SmoothGrad, ${SAMPLES} samples`, cell: (row) => lack(row.smoothGrad) },
      { title: 'vanilla gradient', cell: ({ vanilla }) => lack(vanilla) },
      { title: 'input nudged by an ulp', cell: ({ ulp }) => lack(ulp) },
    ],
    rows,
  );
