import { add, dispose, keep, max, mul, tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, checkTensor, outOfRange } from '../checks.js';
import { option, optional, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { placesOf } from '../perturbation/places.js';
import { read } from '../run/task.js';
import type { Task } from '../run/task.js';
import { rankedRegions, regionsOf, segmentsOf } from '../segment/regions.js';
import type { Region } from '../segment/regions.js';
import { renumbered } from '../segment/segmentation.js';
import { checkSegments, imagesOfRows, segmentsOfRows } from '../segment/segmentsOfRows.js';
import type { Segments } from '../segment/segmentsOfRows.js';
import type { AttributionOptions } from './attributionOptions.js';
import { gaussianBlur, overBaselines, rangeOf } from './baseline.js';
import { checkImage } from './cam/defineCam.js';
import type { Context } from './context.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';
import { alongStraightPath } from './path/straightPath.js';
import { quadrature } from './quadrature.js';

const xraiOptions = /* @__PURE__ */ optionTable(() => ({
  /**
   * Labels of the segments, [h, w], or several segmentations, [k, h, w]; or about how many
   * superpixels. Default: Felzenszwalb's segments at six scales.
   */
  segments: option<Segments | undefined>(optional(checkSegments), undefined),
  /**
   * [k, ...], where the paths of integrated gradients begin, in the model's own scale. Default: a
   * black and a white image of the preset's range, or of that of each image.
   */
  baselines: option<Tensor | undefined>(optional(checkTensor), undefined),
  /** How many gradients are taken along each path. Default 50. */
  steps: option<number>(checkPositiveInteger, 50),
}));

/**
 * Options of {@link xrai}.
 *
 * @interface
 */
export type XraiOptions = OptionsOf<typeof xraiOptions> & AttributionOptions;

/**
 * Shows which regions matter most: segments, ranked by the mean of integrated gradients in them.
 *
 * Again and again the region is taken whose pixels that are not taken yet have the greatest mean
 * attribution, which they get. Attributions are the greatest over the channels, of the mean over a
 * black and a white baseline; segments are Felzenszwalb's at six scales, widened a little, whose
 * sizes are in proportion to the image. Attributions are not conserved. Costs 2 `steps` gradients.
 * Returns [h, w, 1]. Arguments and errors are otherwise those of {@link vanillaGradient}, for
 * images.
 *
 * Source: Kapishnikov et al.: XRAI, https://arxiv.org/abs/1906.02825
 *
 * @function
 */
export const xrai: Attribution<XraiOptions> = /* @__PURE__ */ defineMethod({
  name: 'xrai',
  options: xraiOptions,
  inputsPerImage: ({ steps }) => 2 * steps,
  *attribute(context, rows, options) {
    checkImage(rows);
    const { steps } = options;
    const regions = yield* regionsOfRows(context, rows, options.segments);
    const integrate = (start: Tensor): Task<Tensor[]> =>
      alongStraightPath(context, rows, start, quadrature('gaussLegendre', steps));
    const maps = (yield* fromBaselines(context, rows, options, integrate)).map((map) => keep(map));
    const values: Float32Array[] = [];
    try {
      for (const map of maps) {
        const greatest = keep(max(map, -1));
        values.push((yield* read(greatest)).slice());
        greatest.dispose();
      }
    } finally {
      dispose(maps);
    }
    const { size } = placesOf(rows);
    return tidy(() =>
      values.map((ofClass) => {
        const ranked = regions.map((ofRow, row) =>
          rankedRegions(ofRow, ofClass.subarray(row * size, (row + 1) * size)),
        );
        const numbers = Float32Array.from(ranked.flatMap((row) => [...row]));
        return tensor(numbers, [...rows.shape.slice(0, 3), 1]);
      }),
    );
  },
});

/** Averages over the baselines: those that were chosen, else the least and greatest values. */
function* fromBaselines(
  context: Context,
  rows: Tensor,
  { baselines }: ValuesOf<typeof xraiOptions>,
  integrate: (start: Tensor) => Task<Tensor[]>,
): Task<Tensor[]> {
  if (baselines !== undefined) {
    const choice = { baseline: baselines, seed: 0 };
    return yield* overBaselines(context, rows, choice, integrate);
  }
  const ends = tidy(() => rangeOf(rows, context.preprocess?.range).map((end) => keep(end)));
  const total: Tensor[][] = [];
  try {
    for (const end of ends) {
      const start = keep(tidy(() => add(end, zerosLike(rows))));
      try {
        total.push((yield* integrate(start)).map((map) => keep(map)));
      } finally {
        start.dispose();
      }
    }
    return tidy(() => total[0]!.map((map, i) => mul(add(map, total[1]![i]!), 0.5)));
  } finally {
    dispose([ends, total]);
  }
}

function* regionsOfRows(
  context: Context,
  rows: Tensor,
  segments: Segments | undefined,
): Task<Region[][]> {
  if (typeof segments === 'number')
    return (yield* segmentsOfRows(context, rows, segments)).map(segmentsOf);
  const [count = 1, height = 1, width = 1] = rows.shape;
  const size = height * width;
  if (segments !== undefined) {
    if (segments.shape.slice(-2).join() !== [height, width].join() || segments.rank > 3) {
      const expected = `of shape [${height}, ${width}] or [k, ${height}, ${width}]`;
      throw outOfRange('segments', expected, segments);
    }
    const labels = yield* read(segments);
    const regions = Array.from({ length: labels.length / size }, (_, i) =>
      segmentsOf(renumbered(labels.subarray(i * size, (i + 1) * size))),
    ).flat();
    return Array.from({ length: count }, () => regions);
  }
  const images = yield* imagesOfRows(context, rows, (pixels) =>
    // As much as 0.8 pixels of an image of 224 x 224.
    gaussianBlur(pixels, (0.8 * Math.sqrt(size)) / 224),
  );
  return images.map((colors) => regionsOf(colors, { height, width }));
}
