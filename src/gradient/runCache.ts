/**
 * Tensors that do not change between the samples of a run (flipped filters, batch-norm factors,
 * resize matrices): made once, and freed at the end of the run.
 */
import { keep, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { engine } from './engine.js';

interface Entry {
  readonly sources: readonly object[];
  readonly tensor: Tensor;
}

export class RunCache {
  private readonly entries = new Map<string, Entry>();
  private readonly numbers = new WeakMap<object, number>();
  private numbered = 0;

  /**
   * Returns what `make` has returned for the same sources and name; the cache owns it.
   *
   * The result of `make` must depend on nothing but the values of `sources` and on `name`.
   */
  of(sources: readonly Tensor[], name: string, make: () => Tensor): Tensor {
    // Keyed by data, not by tensor: a variable whose value changes gets new data, so no entry is
    // stale.
    const dataIds = sources.map(({ dataId }) => dataId);
    const key = [name, ...dataIds.map((dataId) => this.numberOf(dataId))].join(' ');
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { sources: dataIds, tensor: keep(tidy(make)) };
      this.entries.set(key, entry);
    }
    return entry.tensor;
  }

  private numberOf(dataId: object): number {
    let number = this.numbers.get(dataId);
    if (number === undefined) this.numbers.set(dataId, (number = this.numbered++));
    return number;
  }

  /**
   * Frees entries whose sources are gone: temporary tensors of a pass, disposed models, old
   * weights.
   */
  sweep(): void {
    const { tensorInfo } = engine().state;
    for (const [key, { sources, tensor }] of this.entries) {
      if (sources.every((dataId) => tensorInfo.has(dataId))) continue;
      tensor.dispose();
      this.entries.delete(key);
    }
  }

  dispose(): void {
    this.entries.forEach(({ tensor }) => tensor.dispose());
    this.entries.clear();
  }
}
