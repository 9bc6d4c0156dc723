import { tensor } from '@tensorflow/tfjs-core';
import { checkNonNegative, outOfRange, wrongType } from '../checks.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import type { Context } from '../method/context.js';
import { option, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { fillGaussian } from '../random/gaussian.js';
import { Random } from '../random/random.js';
import type { Task } from '../run/task.js';
import { checkSeed } from '../seed.js';
import { meanOf } from './correlation.js';
import { defineMetric } from './defineMetric.js';
import type { Measurement, MetricResult, Subject } from './defineMetric.js';
import { impute, rangeOf } from './imputation.js';
import type { ImageSize } from './imputation.js';
import { placesOf, placeValues } from './mapNumbers.js';
import { ORDERS, rankPlaces } from './ranking.js';
import { scoresInChunks } from './replacement.js';

const FRACTIONS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

function checkFractions(
  argument: string,
  fractions: unknown,
): asserts fractions is readonly number[] {
  const expected = 'rising numbers between 0 and 1';
  if (!Array.isArray(fractions)) throw wrongType(argument, expected, fractions);
  const isRising = (fraction: unknown, i: number, all: unknown[]) =>
    typeof fraction === 'number' && fraction > (i === 0 ? 0 : Number(all[i - 1])) && fraction < 1;
  if (fractions.length === 0 || !fractions.every(isRising)) {
    throw outOfRange(argument, expected, fractions);
  }
}

const roadOptions = /* @__PURE__ */ optionTable(() => ({
  /** Which fractions of the pixels are removed, rising. Default 0.1, 0.2, ... 0.9. */
  fractions: option<readonly number[]>(checkFractions, FRACTIONS),
  /** The deviation of the noise on imputed pixels, as a fraction of the range. Default 0.01. */
  noiseLevel: option<number>(checkNonNegative, 0.01),
  /** Orders equal values, and draws the noise. Default 0. */
  seed: option<number>(checkSeed, 0),
}));

/**
 * Options of {@link road}.
 *
 * @interface
 */
export type RoadOptions = OptionsOf<typeof roadOptions> & AttributionOptions;

export interface RoadPoint {
  readonly fraction: number;
  /** The score without the most relevant pixels. */
  readonly morf: number;
  /** The score without the least relevant pixels. */
  readonly lerf: number;
}

export interface RoadResult extends MetricResult {
  /** The mean over the fractions of half of `lerf` less `morf`. */
  readonly score: number;
  readonly curve: readonly RoadPoint[];
}

/**
 * Compares the scores without the least and without the most relevant pixels, which are imputed.
 *
 * A higher score tells the better map. Removed pixels are filled from their neighbours, with a
 * little noise, so that the image stays near what the model knows and the shape of the hole says
 * little. For images only; `score` is `'output'` by default; costs two forward passes for each of
 * `fractions`, and solving for the removed pixels.
 *
 * Source: Rong et al.: ROAD, https://arxiv.org/abs/2202.00449
 *
 * @function
 */
export const road = /* @__PURE__ */ defineMetric({
  name: 'road',
  better: 'higher',
  options: roadOptions,
  defaults: { score: 'output' },
  inputs: ({ fractions }) => ORDERS.length * fractions.length,
  measure: measureRoad,
});

function* measureRoad(
  context: Context,
  { map, input }: Subject,
  { fractions, noiseLevel, seed }: ValuesOf<typeof roadOptions>,
): Task<Measurement<RoadResult>> {
  const { shape } = context.input;
  if (shape.length !== 4) {
    throw outOfRange('input', 'an image, whose pixels have neighbours', context.input);
  }
  const places = placesOf(shape);
  const values = placeValues(map, places);
  const [, height = 1, width = 1, channels = 1] = shape;
  const images = ORDERS.map((order) => {
    const ranks = rankPlaces(values, order, seed);
    return new ImputedImages(input, ranks, { height, width, channels }, noiseLevel, seed);
  });
  const counts = fractions.map((fraction) => {
    const count = Math.round(fraction * places.count);
    return Math.min(places.count - 1, Math.max(1, count));
  });
  const scores = yield* scoresInChunks(context, ORDERS.length * counts.length, (first, size) => {
    const rows = new Float32Array(size * input.length);
    for (let row = 0; row < size; row++) {
      const [order, step] = [
        Math.floor((first + row) / counts.length),
        (first + row) % counts.length,
      ];
      rows.set(images[order]!.without(counts[step]!), row * input.length);
    }
    return tensor(rows, [size, ...shape.slice(1)]);
  });
  const resultOf = (found: Float32Array): RoadResult => {
    const curve = fractions.map((fraction, i) => ({
      fraction,
      morf: found[i]!,
      lerf: found[fractions.length + i]!,
    }));
    return { score: meanOf(curve.map(({ lerf, morf }) => (lerf - morf) / 2)), curve };
  };
  return { values: scores, resultOf };
}

/** An image without some of its pixels, in the order of their ranks. */
class ImputedImages {
  private readonly deviation: number;

  constructor(
    private readonly image: Float32Array,
    private readonly ranks: Float32Array,
    private readonly size: ImageSize,
    noiseLevel: number,
    private readonly seed: number,
  ) {
    this.deviation = noiseLevel * rangeOf(image);
  }

  /** Imputes the first `count` pixels, and adds the noise. */
  without(count: number): Float32Array {
    const { image, ranks, size, deviation } = this;
    const missing = Uint8Array.from(ranks, (rank) => Number(rank < count));
    const noise = new Float32Array(image.length);
    fillGaussian(noise, new Random(this.seed, 0));
    return impute(image, missing, size).map((value, i) =>
      missing[Math.floor(i / size.channels)] === 1 ? value + deviation * noise[i]! : value,
    );
  }
}
