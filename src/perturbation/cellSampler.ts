/**
 * Samplers that hide cells of a grid, each sample by several masks, and make a number of each cell.
 *
 * Letters: r rows, m explained classes per image, d cells, q masks a sample.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { BaselineChoice } from '../method/baseline.js';
import type { Context } from '../method/context.js';
import { uniformNumbers } from '../random/uniform.js';
import type { Task } from '../run/task.js';
import { halfOf } from '../sampling/sampler.js';
import type { Half, Sampler } from '../sampling/sampler.js';
import { cellsOf } from './cells.js';
import { MaskedScores } from './maskedScores.js';

export interface CellSamplerOptions extends BaselineChoice {
  readonly samples: number;
  readonly cells: number;
  /** Draws the q masks of a sample, of d numbers from 0 to 1 each. */
  readonly drawMasks: (cells: number, random: () => number) => readonly Float32Array[];
  /**
   * Computes a number of each cell.
   * @param scores of each sample the scores of its q masks
   * @param masksOf draws the masks of the i-th of these samples
   */
  readonly attribute: (
    scores: readonly Float64Array[],
    masksOf: (i: number) => readonly Float32Array[],
    cells: number,
  ) => ArrayLike<number>;
}

/** Makes the sampler for rows [r, ...]. */
export function* cellSampler(
  context: Context,
  rows: Tensor,
  options: CellSamplerOptions,
): Task<Sampler> {
  const { samples, seed, drawMasks, attribute } = options;
  const scores = yield* MaskedScores.open(context, rows, options);
  const { places, classes, count: rowCount } = scores;
  const { count: cells, cellOf } = cellsOf(places, options.cells);
  const maps = classes * rowCount;
  const masksOf = (sample: number) => drawMasks(cells, uniformNumbers(seed, sample));
  const masksPerSample = masksOf(0).length;
  const learntSoFar: Float32Array[] = [];
  return {
    total: samples,
    get samplesPerPass() {
      return Math.max(1, Math.floor(scores.masksPerPass / masksPerSample));
    },
    shape: [classes, rowCount, ...places.mapShape],
    *sample(first, count) {
      const masks = Array.from({ length: count }, (_, i) => masksOf(first + i)).flat();
      const learnt = new Float32Array(masks.length * maps);
      for (let done = 0; done < masks.length;) {
        const chunk = masks.slice(done, done + scores.masksPerPass);
        const values = new Float32Array(chunk.length * places.size);
        chunk.forEach((mask, i) => {
          const start = i * places.size;
          for (let place = 0; place < places.size; place++)
            values[start + place] = mask[cellOf[place]!]!;
        });
        learnt.set(yield* scores.of(values, chunk.length), done * maps);
        done += chunk.length;
      }
      return learnt;
    },
    add(_, count, learnt) {
      const size = masksPerSample * maps;
      for (let i = 0; i < count; i++) learntSoFar.push(learnt.slice(i * size, (i + 1) * size));
    },
    map(half?: Half) {
      const chosen = [...learntSoFar.keys()].filter(
        (sample) => half === undefined || halfOf(sample) === half,
      );
      if (chosen.length < 2 && half !== undefined) return undefined;
      const map = new Float64Array(maps * places.size);
      for (let i = 0; i < maps; i++) {
        const ofMap = chosen.map((sample) =>
          Float64Array.from({ length: masksPerSample }, (_, mask) => {
            return learntSoFar[sample]![mask * maps + i]!;
          }),
        );
        const values = attribute(ofMap, (sample) => masksOf(chosen[sample]!), cells);
        for (let place = 0; place < places.size; place++)
          map[i * places.size + place] = values[cellOf[place]!]!;
      }
      return map;
    },
    dispose() {
      scores.dispose();
    },
  };
}
