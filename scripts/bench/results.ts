/** What the benchmark gives, and the file that keeps it: each model measured alone, at any time. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DispatchRow } from './dispatchesTable.js';
import type { ExactnessRow } from './exactnessTable.js';
import type { Backend, LibraryResult, PlainResult } from './job.js';
import type { MethodsRow } from './methods.js';
import type { PictureRow } from './pictureTable.js';
import type { TorchResult } from './torch.js';
import type { WorkersRow } from './workers.js';

/** Where and when something was measured. */
export interface Measured {
  readonly date: string;
  readonly machine: string;
  /** How many processes wanted a processor in the minute before; the benchmark itself wants one. */
  readonly loadBefore: number;
}

export interface Row {
  readonly model: string;
  readonly backend: Backend;
  /** Height and width of the input. */
  readonly size: number;
  readonly library: Omit<LibraryResult, 'config'>;
  /** Unless it was left out. */
  readonly plain?: PlainResult | undefined;
  /** On wasm's shapes, if it was asked for. */
  readonly torch?: TorchResult | undefined;
}

/** A row of which only the times and the memory are kept. */
export interface StoredRow extends Pick<Row, 'model' | 'backend' | 'size' | 'torch'>, Measured {
  readonly library: Pick<
    LibraryResult,
    'forward' | 'sample' | 'gradient' | 'gradCamPerForward' | 'resident'
  >;
  readonly plain?: Pick<PlainResult, 'gradient' | 'patched' | 'resident'> | undefined;
}

/** The rows of one run, or of the results file, by what was measured. */
export interface Results {
  readonly gradients: readonly StoredRow[];
  readonly workers: readonly (WorkersRow & Measured)[];
  readonly methods: readonly (MethodsRow & Measured)[];
  readonly pictures: readonly (PictureRow & Measured)[];
  readonly dispatches: readonly DispatchRow[];
  readonly exactness: readonly ExactnessRow[];
}

export const NO_RESULTS: Results = {
  gradients: [],
  workers: [],
  methods: [],
  pictures: [],
  dispatches: [],
  exactness: [],
};

const FILE = path.resolve('scripts/bench/results.json');

export async function readResults(): Promise<Results> {
  return JSON.parse(await readFile(FILE, 'utf8')) as Results;
}

export async function writeResults(results: Results): Promise<void> {
  await writeFile(FILE, `${JSON.stringify(results, null, 2)}\n`);
}

/** Tells which rows are about the same. */
export const keyOf = (row: { model: string; backend?: string; size?: number }): string =>
  [row.model, row.backend, row.size].filter((part) => part !== undefined).join(' ');

/** Puts new rows in the place of the old ones about the same; what they leave out stays. */
export function mergeResults(before: Results, results: Results): Results {
  return {
    gradients: mergeRows(before.gradients, results.gradients),
    workers: mergeRows(before.workers, results.workers),
    methods: mergeRows(before.methods, results.methods),
    pictures: mergeRows(before.pictures, results.pictures),
    dispatches: mergeRows(before.dispatches, results.dispatches),
    exactness: mergeRows(before.exactness, results.exactness),
  };
}

function mergeRows<Row extends { model: string }>(
  before: readonly Row[],
  rows: readonly Row[],
): Row[] {
  const merged = new Map(before.map((row) => [keyOf(row), row]));
  for (const row of rows) {
    const defined = Object.entries(row).filter(([, value]) => value !== undefined);
    merged.set(keyOf(row), { ...merged.get(keyOf(row)), ...Object.fromEntries(defined) } as Row);
  }
  return [...merged.values()];
}
