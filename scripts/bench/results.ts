/** What one run of the benchmark gives. */
import type { Backend, LibraryResult, PlainResult } from './job.js';
import type { TorchResult } from './torch.js';

export interface Row {
  readonly model: string;
  readonly backend: Backend;
  /** Height and width of the input. */
  readonly size: number;
  readonly library: Omit<LibraryResult, 'config'>;
  readonly plain: PlainResult;
  /** On wasm's shapes, if it was asked for. */
  readonly torch?: TorchResult | undefined;
}

export interface Results {
  readonly date: string;
  readonly machine: string;
  /** How many processes wanted a processor in the minute before; the benchmark itself wants one. */
  readonly loadBefore: number;
  readonly rows: readonly Row[];
}
