/**
 * What workers know of their samples, merged into what one would know of all: Chan's formula, in
 * double precision and without tfjs, which the caller's thread need not have.
 */
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

  /** Computes the standard error: infinite for one sample, and for none of `size` numbers. */
  standardError(size: number): Float32Array<ArrayBuffer> {
    const { count, squares } = this;
    if (count < 2) return new Float32Array(size).fill(Infinity);
    return Float32Array.from(squares!, (square) => Math.sqrt(square / (count * (count - 1))));
  }
}
