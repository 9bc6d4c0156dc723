/**
 * The state of a run whose samples come from several workers, chunk by chunk in the order of their
 * numbers.
 */
import { MergedMoments, reliabilitiesOf } from './moments.js';
import type { ArrayTensor, Chunk } from '../protocol.js';

export class MergedRun {
  private readonly halves = [new MergedMoments(), new MergedMoments()] as const;
  private readonly pairs = new MergedMoments();
  /** The first sample of a pair that came as two chunks. */
  private single: Float32Array | undefined;
  private shape: readonly number[] = [];
  private maps = 1;

  constructor(private readonly isVariance: boolean) {}

  add({ moments, maps, shape }: Chunk): void {
    const [even, odd, pairs] = moments;
    this.maps = maps;
    this.shape = shape;
    this.halves[0].add(even!);
    this.halves[1].add(odd!);
    if (pairs === undefined) return;
    this.pairs.add(pairs);
    if (even!.count + odd!.count === 1) this.addSingle(even!.count === 1 ? even!.mean : odd!.mean);
  }

  private addSingle(sample: Float32Array): void {
    const { single } = this;
    this.single = single === undefined ? sample : undefined;
    if (single === undefined) return;
    const mean = single.map((value, i) => (value + sample[i]!) / 2);
    this.pairs.add({ count: 1, mean, squares: new Float32Array(mean.length) });
  }

  map(): ArrayTensor {
    const value = MergedMoments.of(...this.halves).value(this.isVariance);
    return { data: new Float32Array(value), shape: [...this.shape] };
  }

  /** @param ofPairs whether samples come in antithetic pairs */
  standardError(ofPairs: boolean): ArrayTensor {
    const all = MergedMoments.of(...this.halves);
    const data = (ofPairs ? this.pairs : all).standardError(all.mean.length);
    return { data, shape: [...this.shape] };
  }

  /** One for each map, 0 to 1; 0 while a half has no sample. */
  reliabilities(): number[] {
    const [even, odd] = this.halves;
    if (even.count === 0 || odd.count === 0) return Array.from({ length: this.maps }, () => 0);
    return reliabilitiesOf(even.value(this.isVariance), odd.value(this.isVariance), this.maps);
  }
}
