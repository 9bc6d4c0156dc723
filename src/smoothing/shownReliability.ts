/**
 * Predicts how what is shown of a map correlates with what would be shown of the converged one.
 *
 * Split halves predict it for the map itself, but too high for magnitudes and what is made of them:
 * two halves also agree on where their noise is strong. So the error is simulated (a parametric
 * bootstrap): the halves' difference is noise of the map's own kind, and the map, shrunk to the
 * power of its signal, stands for the converged one. What is shown of the two, without and with the
 * noise, is compared.
 *
 * Letters: h rows, w columns, c channels.
 */
import { sizeOf } from '../plainTensor.js';
import { correlationOf } from './predictedCorrelation.js';

/** Of the sides of a map: how far to either side the power of signal and noise is averaged. */
const REACH = 0.05;

/** The two halves of a run's samples. */
export interface Halves {
  /** The numbers of samples, and each half's statistic of all maps. */
  readonly counts: readonly [number, number];
  readonly values: readonly [Float64Array, Float64Array];
  /** Of the statistic as it is shown; its first axes are those of `maps` maps. */
  readonly shape: readonly number[];
  readonly maps: number;
}

/**
 * Predicts the correlation of each map, 0 to 1.
 * @param show computes what is shown of all maps, in double precision
 */
export async function shownReliabilities(
  halves: Halves,
  show: (values: Float32Array<ArrayBuffer>) => Promise<Float64Array>,
): Promise<number[]> {
  const { values, maps } = halves;
  const size = values[0].length / maps;
  const converged = new Float32Array(values[0].length);
  const noisy = new Float32Array(values[0].length);
  for (let start = 0; start < converged.length; start += size)
    simulate(halves, start, converged, noisy);
  const [first, second] = [await show(converged), await show(noisy)];
  const shown = first.length / maps;
  return Array.from({ length: maps }, (_, map) =>
    Math.max(0, correlationOf(first, second, map * shown, shown)),
  );
}

/** Writes one map as it might converge to, and with noise as its own. */
function simulate(
  { counts: [a, b], values: [even, odd], shape, maps }: Halves,
  start: number,
  converged: Float32Array,
  noisy: Float32Array,
): void {
  const size = even.length / maps;
  const [height, width] = planeOf(shape, maps);
  const channels = size / (height * width);
  const map = new Float64Array(size);
  const noise = new Float64Array(size);
  let mean = 0;
  for (let i = 0; i < size; i++) {
    const [x, y] = [even[start + i]!, odd[start + i]!];
    map[i] = (a * x + b * y) / (a + b);
    noise[i] = ((x - y) * Math.sqrt(a * b)) / (a + b);
    mean += map[i]! / size;
  }
  const signalPower = new Float64Array(height * width);
  const noisePower = new Float64Array(height * width);
  for (let i = 0; i < size; i++) {
    const place = Math.floor(i / channels);
    // The halves' noises are independent, so that they leave the mean of the product as it is.
    signalPower[place]! += (even[start + i]! - mean) * (odd[start + i]! - mean);
    noisePower[place]! += noise[i]! ** 2;
  }
  const shares = signalShares(signalPower, noisePower, height, width);
  for (let i = 0; i < size; i++) {
    const signal = mean + shares[Math.floor(i / channels)]! * (map[i]! - mean);
    converged[start + i] = signal;
    noisy[start + i] = signal + noise[i]!;
  }
}

/** Tells the two axes of places of one map, [h, w]; what has one axis has places in a column. */
function planeOf(shape: readonly number[], maps: number): [height: number, width: number] {
  // A batch of one image has an axis of length 1 before those of places.
  const leading = [...shape.keys()].filter((i) => sizeOf(shape.slice(0, i)) === maps);
  const axes = leading.filter((i) => i <= shape.length - 2).at(-1) ?? leading[0] ?? shape.length;
  const [height = 1, width = 1] = shape.slice(axes);
  return [height, width];
}

/**
 * Computes by what factor a map has the power of its signal, at each place.
 *
 * The ratio of signal and noise is the mean of the one around the place and of the whole map's:
 * measured, the former alone predicts too little and the latter too much.
 */
function signalShares(
  signal: Float64Array,
  noise: Float64Array,
  height: number,
  width: number,
): Float64Array {
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const overall = ratioOf(total(signal), total(noise));
  const [signals, noises] = [signal, noise].map((values) => boxSums(values, height, width));
  return signals!.map((power, i) => {
    const ratio = (ratioOf(power, noises![i]!) + overall) / 2;
    return ratio === Infinity ? 1 : Math.sqrt(ratio / (1 + ratio));
  });
}

function ratioOf(signal: number, noise: number): number {
  return noise === 0 ? Infinity : Math.max(0, signal / noise);
}

/** Sums up a rectangle around each place, cut off at the borders. */
function boxSums(values: Float64Array, height: number, width: number): Float64Array {
  const reach = Math.max(1, Math.round(REACH * Math.min(height, width)));
  const rows = lineSums(values, height, { length: width, step: 1 }, reach);
  return lineSums(rows, width, { length: height, step: width }, reach);
}

function lineSums(
  values: Float64Array,
  lines: number,
  { length, step }: { length: number; step: number },
  reach: number,
): Float64Array {
  const sums = new Float64Array(values.length);
  const before = new Float64Array(length + 1);
  for (let line = 0; line < lines; line++) {
    const start = step === 1 ? line * length : line;
    for (let i = 0; i < length; i++) before[i + 1] = before[i]! + values[start + step * i]!;
    for (let i = 0; i < length; i++) {
      const [from, to] = [Math.max(0, i - reach), Math.min(length, i + reach + 1)];
      sums[start + step * i] = before[to]! - before[from]!;
    }
  }
  return sums;
}
