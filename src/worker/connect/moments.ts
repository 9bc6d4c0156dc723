/**
 * What workers know of their samples, merged into what one would know of all: Chan's formula, in
 * double precision and without tfjs, which the caller's thread need not have.
 */
import { predictedCorrelation } from '../../smoothing/predictedCorrelation.js';

interface Moments {
  readonly count: number;
  readonly mean: ArrayLike<number>;
  readonly squares: ArrayLike<number> | undefined;
}

export class MergedMoments implements Moments {
  count = 0;
  mean = new Float64Array();
  squares: Float64Array | undefined;

  static of(...parts: MergedMoments[]): MergedMoments {
    const merged = new MergedMoments();
    parts.forEach((part) => merged.add(part));
    return merged;
  }

  add({ count, mean, squares }: Moments): void {
    if (count === 0) return;
    if (this.count === 0) {
      this.mean = new Float64Array(mean);
      this.squares = squares && new Float64Array(squares);
    } else {
      const share = count / (this.count + count);
      const between = this.count * share;
      for (let i = 0; i < mean.length; i++) {
        const difference = mean[i]! - this.mean[i]!;
        this.mean[i]! += difference * share;
        if (this.squares !== undefined)
          this.squares[i]! += squares![i]! + difference * difference * between;
      }
    }
    this.count += count;
  }

  value(isVariance: boolean): Float64Array {
    return isVariance ? this.squares!.map((square) => square / this.count) : this.mean;
  }

  /** Infinite for one sample, and for none of `size` numbers. */
  standardError(size: number): Float32Array<ArrayBuffer> {
    const { count, squares } = this;
    if (count < 2) return new Float32Array(size).fill(Infinity);
    return Float32Array.from(squares!, (square) => Math.sqrt(square / (count * (count - 1))));
  }
}

/** The reliability of each map, as the library predicts it, by the values of the two halves. */
export function reliabilitiesOf(even: Float64Array, odd: Float64Array, maps: number): number[] {
  const size = even.length / maps;
  return Array.from({ length: maps }, (_, map) => {
    const from = map * size;
    const a = meanOf(even, from, size);
    const b = meanOf(odd, from, size);
    let covariance = 0;
    let evenSquares = 0;
    let oddSquares = 0;
    let distance = 0;
    for (let i = from; i < from + size; i++) {
      const x = even[i]! - a;
      const y = odd[i]! - b;
      covariance += x * y;
      evenSquares += x * x;
      oddSquares += y * y;
      distance += (even[i]! - odd[i]!) ** 2;
    }
    return predictedCorrelation(
      covariance,
      Math.sqrt(evenSquares) * Math.sqrt(oddSquares),
      distance,
    );
  });
}

function meanOf(values: Float64Array, from: number, size: number): number {
  let sum = 0;
  for (let i = from; i < from + size; i++) sum += values[i]!;
  return sum / size;
}
