/**
 * The classes that 'argmax' stands for, as passes over the input come upon them.
 *
 * Letters: n images, k outputs of the model, r rows of a pass.
 */
import { argMax, concat, dispose, keep, slice, square, tidy } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { ClassIndex } from '../score/classIndex.js';

export class PredictedClasses {
  private all: Tensor2D | undefined;
  /** Weights of some images, by the number of the first. */
  private readonly parts = new Map<number, Tensor2D>();
  private indices: ClassIndex | undefined;

  /** @param images n */
  constructor(private readonly images: number) {}

  /** Returns the weights of the class of each image, [n, k]; undefined until they were joined. */
  get weights(): Tensor2D | undefined {
    return this.all;
  }

  /** Takes the weights of all images, [n, k]. */
  set(weights: Tensor2D): void {
    this.all?.dispose(); // who asked for the explained class in the meantime may have joined parts
    this.all = keep(weights);
  }

  /** Copies the weights [r, k] that a pass over the images from `first` on came upon. */
  add(weights: Tensor2D, first: number): void {
    const count = Math.min(weights.shape[0], this.images - first);
    this.parts.get(first)?.dispose(); // of a pass that ran out of memory
    this.parts.set(first, keep(slice(weights, [0, 0], [count, -1])));
  }

  /** Joins the parts once they are of all images. */
  join(): Tensor2D | undefined {
    const rows: Tensor2D[] = [];
    for (let first = 0; this.all === undefined && first < this.images;) {
      const part = this.parts.get(first);
      if (part === undefined) return undefined;
      rows.push(part);
      first += part.shape[0];
    }
    return (this.all ??= keep(concat(rows)));
  }

  /**
   * Reads the classes as numbers, one per image; the "no" of a binary model as `{ against }`.
   * Undefined for a mixture of "yes" and "no", and while not all are known.
   */
  async read(): Promise<ClassIndex | undefined> {
    const weights = this.join();
    if (weights === undefined || this.indices !== undefined) return this.indices;
    const greatest = tidy(() => argMax(square(weights), 1));
    try {
      this.indices = signedClasses(await greatest.data(), await weights.data());
    } finally {
      greatest.dispose();
    }
    return this.indices;
  }

  /** Reads the same without waiting, of weights that were joined. */
  readSync(): ClassIndex | undefined {
    const weights = this.all;
    if (weights === undefined) return undefined;
    const greatest = (): ArrayLike<number> => tidy(() => argMax(square(weights), 1).dataSync());
    return (this.indices ??= signedClasses(greatest(), weights.dataSync()));
  }

  dispose(): void {
    this.all?.dispose();
    dispose([...this.parts.values()]);
  }
}

function signedClasses(
  indices: ArrayLike<number>,
  weights: ArrayLike<number>,
): ClassIndex | undefined {
  // Weights are negative only in a model of one output, where they are one per image.
  const signs = new Set(Array.from(weights).filter((weight) => weight !== 0));
  if (!signs.has(-1)) return Array.from(indices);
  return signs.size === 1 ? { against: 0 } : undefined;
}
