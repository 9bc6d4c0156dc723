/** Disjoint blocks of samples, each compared with all the others. */
import { smoothGradSteps } from 'tfjs-saliency';
import type { ImageInput, Model, SmoothGradStepsOptions } from 'tfjs-saliency';
import { correlation, meanOf } from '../statistics.js';

/** What was found of a block's map after so many samples. */
export interface Found {
  readonly samples: number;
  /** What the library says. */
  readonly predicted: number;
  /** The correlation with the mean of the other blocks, which has noise itself. */
  readonly measured: number;
  /** The same, freed of that noise: the correlation with the converged map. */
  readonly corrected: number;
}

interface Step {
  readonly samples: number;
  readonly predicted: number;
  readonly map: Float32Array;
}

/**
 * @param options with `at`, whose last number is the size of a block
 * @returns for each of `count` blocks, what was found after each number of samples
 */
export async function measureBlocks(
  model: Model,
  photo: ImageInput,
  options: SmoothGradStepsOptions,
  count: number,
): Promise<Found[][]> {
  const blocks: Step[][] = [];
  // Another seed is other noise.
  for (let seed = 0; seed < count; seed++)
    blocks.push(await stepsOf(model, photo, { ...options, seed }));
  return blocks.map((steps, own) => {
    const others = blocks.filter((_, i) => i !== own).map((block) => block.at(-1)!.map);
    const reference = meanOf(others);
    const attenuation = correlationWithConverged(others);
    return steps.map(({ samples, predicted, map }) => {
      const measured = correlation(map, reference);
      return { samples, predicted, measured, corrected: measured / attenuation };
    });
  });
}

async function stepsOf(
  model: Model,
  photo: ImageInput,
  options: SmoothGradStepsOptions,
): Promise<Step[]> {
  const steps: Step[] = [];
  for await (const { map, done, reliability } of smoothGradSteps(model, photo, 'argmax', options)) {
    steps.push({ samples: done, predicted: reliability, map: (await map.data()) as Float32Array });
    map.dispose();
  }
  return steps;
}

/**
 * Of the mean of several independent maps of the same number of samples, from how they correlate
 * with each other: with r the mean correlation of two, the mean of k has the square k r / (1 + (k -
 * 1) r) (Spearman and Brown).
 */
function correlationWithConverged(maps: readonly Float32Array[]): number {
  const pairs = maps.flatMap((a, i) => maps.slice(i + 1).map((b) => correlation(a, b)));
  const r = pairs.reduce((sum, each) => sum + each, 0) / pairs.length;
  return Math.sqrt((maps.length * r) / (1 + (maps.length - 1) * r));
}
