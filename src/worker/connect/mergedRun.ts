/**
 * The state of a run whose samples come from several workers, chunk by chunk in the order of their
 * numbers.
 */
import type { PlainTensor } from '../../plainTensor.js';
import { reliabilitiesOf } from '../../smoothing/predictedCorrelation.js';
import { beyondFloat32 } from '../../smoothing/overflow.js';
import type { MomentsData } from '../../smoothing/statistic.js';
import { MergedMoments } from './moments.js';
import type { ArrayTensor, Chunk } from '../protocol.js';
import type { ClassIndex } from '../../score/classIndex.js';
import { shownReliabilities } from '../../smoothing/shownReliability.js';
import { shownOfNumbers } from '../../smoothing/plainView.js';
import type { View } from '../../smoothing/view.js';

export class MergedRun {
  private readonly halves = [new MergedMoments(), new MergedMoments()] as const;
  private readonly pairs = new MergedMoments();
  /** The first sample of a pair that came as two chunks. */
  private single: Float64Array | undefined;
  private shape: readonly number[] = [];
  private maps = 1;
  /** The call's, with 'argmax' as numbers once there is a sample. */
  classIndex: ClassIndex = 'argmax';
  private samples = 0;
  /** The first sample of the first chunk with a square that float32 does not hold. */
  private overflow = 0;

  constructor(private readonly isVariance: boolean) {}

  add({ moments, maps, shape, classIndex }: Chunk): void {
    const [even, odd, pairs] = moments;
    this.maps = maps;
    this.shape = shape;
    this.classIndex = classIndex;
    if (this.overflow === this.samples && !this.hasOverflow([even!, odd!])) {
      this.overflow += even!.count + odd!.count;
    }
    this.samples += even!.count + odd!.count;
    this.halves[0].add(even!);
    this.halves[1].add(odd!);
    if (pairs === undefined) return;
    this.pairs.add(pairs);
    if (even!.count + odd!.count === 1) this.addSingle(even!.count === 1 ? even!.mean : odd!.mean);
  }

  private addSingle(sample: Float64Array): void {
    const { single } = this;
    this.single = single === undefined ? sample : undefined;
    if (single === undefined) return;
    const mean = single.map((value, i) => (value + sample[i]!) / 2);
    this.pairs.add({ count: 1, mean, squares: new Float64Array(mean.length) });
  }

  /** @throws GradientError if float32 does not hold it */
  map(): ArrayTensor {
    const value = MergedMoments.of(...this.halves).value(this.isVariance);
    const data = new Float32Array(value);
    if (data.includes(Infinity)) throw beyondFloat32(this.overflow);
    return { data, shape: [...this.shape] };
  }

  /** Tells whether a mean of squares of the samples is beyond float32. */
  private hasOverflow(parts: readonly MomentsData[]): boolean {
    return parts.some(({ count, mean, squares }) => {
      // A loop without calls: it is run for each chunk, by the thread that all workers wait for.
      let greatest = 0;
      for (let i = 0; i < mean.length; i++) {
        const value = mean[i]!;
        greatest = Math.max(
          greatest,
          this.isVariance ? value * value + squares![i]! / count : value,
        );
      }
      return Math.fround(greatest) === Infinity;
    });
  }

  /** @param ofPairs whether samples come in antithetic pairs */
  standardError(ofPairs: boolean): ArrayTensor {
    const all = MergedMoments.of(...this.halves);
    const data = (ofPairs ? this.pairs : all).standardError(all.mean.length);
    return { data, shape: [...this.shape] };
  }

  /**
   * Estimates the reliability of each map, 0 to 1; 0 while a half has no sample.
   * @param view of what of the map; undefined for the map itself
   */
  async reliabilities(view: View<PlainTensor> | undefined): Promise<number[]> {
    const zeros = Array.from({ length: this.maps }, () => 0);
    if (this.halves.some(({ count }) => count === 0)) return zeros;
    const [even, odd] = this.halves.map((half) => half.value(this.isVariance));
    if (view === undefined) return reliabilitiesOf(even!, odd!, this.maps);
    const values = [even!, odd!] as const;
    if (values.some((half) => half.some((value) => Math.fround(value) === Infinity))) return zeros;
    const counts = [this.halves[0].count, this.halves[1].count] as const;
    const { shape, maps } = this;
    return shownReliabilities({ counts, values, shape, maps }, shownOfNumbers(view, shape, maps));
  }
}
