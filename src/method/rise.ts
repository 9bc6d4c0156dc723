import type { Tensor } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, outOfRange, wrongType } from '../checks.js';
import { option, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { MaskedScores } from '../perturbation/maskedScores.js';
import { smoothMask } from '../perturbation/smoothMask.js';
import type { Task } from '../run/task.js';
import { defineSampling } from '../sampling/defineSampling.js';
import type { SampledAttribution } from '../sampling/defineSampling.js';
import { halfOf } from '../sampling/sampler.js';
import type { Half, Sampler } from '../sampling/sampler.js';
import { samplingOptions } from '../sampling/samplingOptions.js';
import type { AnyModel } from '../model/asyncModel.js';
import type { AttributionOptions } from './attributionOptions.js';
import type { Context } from './context.js';

function checkShare(argument: string, share: unknown): asserts share is number {
  const expected = 'a number > 0 and < 1';
  if (typeof share !== 'number') throw wrongType(argument, expected, share);
  if (!(share > 0 && share < 1)) throw outOfRange(argument, expected, share);
}

const riseOptions = /* @__PURE__ */ optionTable(() => ({
  ...samplingOptions(2000),
  /** How many cells of a mask there are along each axis. Default 7. */
  cells: option<number>(checkPositiveInteger, 7),
  /** The probability that a cell is kept. Default 0.5. */
  keep: option<number>(checkShare, 0.5),
}));

/**
 * Options of {@link rise}.
 *
 * @interface
 */
export type RiseOptions = OptionsOf<typeof riseOptions> & AttributionOptions;

/**
 * Shows which places the score is high with: the mean score of random masks that keep them.
 *
 * Masks are grids of kept and hidden cells, smoothed and shifted at random; a place's number is the
 * sum of mask times score over the samples, divided by the sum of the masks there. `score` is
 * `'output'` by default. It needs no gradient; costs `samples` forward passes. The masks depend on
 * `seed` only and are never held together. Returns [h, w, 1] for an image, else the input's shape.
 * Arguments and errors are otherwise those of {@link vanillaGradient}; the asynchronous forms take
 * asynchronous models too.
 *
 * Source: Petsiuk, Das, Saenko: RISE, https://arxiv.org/abs/1806.07421
 *
 * @function
 */
export const rise: SampledAttribution<RiseOptions, AnyModel> = /* @__PURE__ */ defineSampling({
  name: 'rise',
  group: 'blackBox',
  options: riseOptions,
  defaults: { score: 'output' },
  open: openRise,
});

function* openRise(
  context: Context,
  rows: Tensor,
  options: ValuesOf<typeof riseOptions>,
): Task<Sampler> {
  const { samples, seed, cells, keep } = options;
  const scores = yield* MaskedScores.open(context, rows, options);
  const { places, classes, count: rowCount } = scores;
  const { size } = places;
  const maps = classes * rowCount;
  const maskOf = (sample: number) => smoothMask(places.shape, { cells, keep, seed, sample });
  // Of each half.
  const weighted = [0, 1].map(() => new Float64Array(maps * size));
  const weights = [0, 1].map(() => new Float64Array(size));
  const counts = [0, 0];
  return {
    total: samples,
    get samplesPerPass() {
      return scores.masksPerPass;
    },
    shape: [classes, rowCount, ...places.mapShape],
    *sample(first, count) {
      const masks = new Float32Array(count * size);
      for (let i = 0; i < count; i++) masks.set(maskOf(first + i), i * size);
      return yield* scores.of(masks, count);
    },
    add(first, count, learnt) {
      for (let i = 0; i < count; i++) {
        const mask = maskOf(first + i);
        const half = halfOf(first + i);
        const [sums, total] = [weighted[half]!, weights[half]!];
        for (let place = 0; place < size; place++) total[place]! += mask[place]!;
        for (let map = 0; map < maps; map++) {
          const score = learnt[i * maps + map]!;
          for (let place = 0; place < size; place++)
            sums[map * size + place]! += score * mask[place]!;
        }
        counts[half]! += 1;
      }
    },
    map(half?: Half) {
      if (half !== undefined && counts[half] === 0) return undefined;
      const halves = half === undefined ? [0, 1] : [half];
      const sum = (parts: Float64Array[], i: number): number =>
        halves.reduce<number>((total, chosen) => total + parts[chosen]![i]!, 0);
      return Float64Array.from({ length: maps * size }, (_, i) => {
        const weight = sum(weights, i % size);
        return weight === 0 ? 0 : sum(weighted, i) / weight;
      });
    },
    dispose() {
      scores.dispose();
    },
  };
}
