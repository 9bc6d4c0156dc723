/** What a convolution adds to and makes of its sums: bias and activation. */

/** An activation that only limits values. */
export type Limiter = 'linear' | 'relu' | 'relu6';

const LIMITS: Readonly<Record<Limiter, readonly [number, number]>> = {
  linear: [-Infinity, Infinity],
  relu: [0, Infinity],
  relu6: [0, 6],
};

export const isLimiter = (activation: string): activation is Limiter => activation in LIMITS;

export interface Epilogue {
  /** Address of the bias' numbers, one an output channel. */
  readonly bias: number | undefined;
  readonly activation: Limiter;
}

const FLOAT = 4;
/** Rounds up to 8: whole vectors are read, and pairs of them. */
const padded = (d: number): number => Math.ceil(d / 8) * 8;
const ZEROS = 8;

export const epilogueBytes = (d: number): number => (padded(d) + ZEROS + 4) * FLOAT;

/** Writes bias and limits in the kernels' form; tells their addresses, and neutral ones'. */
export function writeEpilogue(
  { buffer }: WebAssembly.Memory,
  at: number,
  d: number,
  { bias, activation }: Epilogue,
): { bias: number; limits: number; zeros: number; unlimited: number } {
  const zeros = at + padded(d) * FLOAT;
  const limits = zeros + ZEROS * FLOAT;
  const unlimited = limits + 2 * FLOAT;
  new Float32Array(buffer, at, padded(d) + ZEROS).fill(0);
  if (bias !== undefined) new Float32Array(buffer, at, d).set(new Float32Array(buffer, bias, d));
  new Float32Array(buffer, limits, 4).set([...LIMITS[activation], ...LIMITS.linear]);
  return { bias: at, limits, zeros, unlimited };
}
