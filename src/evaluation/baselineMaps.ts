/**
 * Maps that explain nothing, for a method to be better than.
 *
 * Letters: r rows of a batch, m explained classes per image; h rows and w columns of pixels.
 */
import {
  abs,
  add,
  clone,
  conv2d,
  mean,
  randomUniform,
  tensor4d,
  tidy,
  tile,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { outOfRange } from '../checks.js';
import { defineMethod } from '../method/defineMethod.js';
import { option, optionTable } from '../options.js';
import type { Task } from '../run/task.js';
import { checkSeed } from '../seed.js';

const randomOptions = /* @__PURE__ */ optionTable(() => ({
  /** Default 0. */
  seed: option<number>(checkSeed, 0),
}));

/**
 * Makes a map of random numbers, [h, w, 1], that looks at neither model nor image.
 *
 * What a metric says of it is what a metric says of nothing.
 *
 * @function
 */
export const randomMap = /* @__PURE__ */ defineMethod({
  name: 'randomMap',
  options: randomOptions,
  // eslint-disable-next-line require-yield -- the model is not asked
  *attribute(context, rows, { seed }): Task<Tensor[]> {
    const [r = 1, h = 1, w = 1] = imageShape(rows);
    const map = tidy(() =>
      tile(randomUniform([1, h, w, 1], 0, 1, 'float32', seed + 1), [r, 1, 1, 1]),
    );
    return copies(map, context.classes);
  },
});

/**
 * Makes a map of the edges of the image, [h, w, 1], that does not look at the model.
 *
 * It is the sum of the absolute differences down and across, by Sobel's filters. Many a map looks
 * like it, which is no proof of anything.
 *
 * @function
 */
export const edgeMap = /* @__PURE__ */ defineMethod({
  name: 'edgeMap',
  options: {},
  // eslint-disable-next-line require-yield -- the model is not asked
  *attribute(context, rows): Task<Tensor[]> {
    imageShape(rows);
    const map = tidy(() => {
      const gray = mean(rows, 3, true) as Tensor4D;
      const across = tensor4d([1, 0, -1, 2, 0, -2, 1, 0, -1], [3, 3, 1, 1]);
      const down = tensor4d([1, 2, 1, 0, 0, 0, -1, -2, -1], [3, 3, 1, 1]);
      const [first, second] = [across, down].map((filter) => abs(conv2d(gray, filter, 1, 'same')));
      return add(first!, second!);
    });
    return copies(map, context.classes);
  },
});

function imageShape({ shape }: Tensor): number[] {
  if (shape.length === 4) return shape;
  throw outOfRange('input', 'an image, [h, w, c]', { shape: shape.slice(1) });
}

/** The map for each class: the same. */
function copies(map: Tensor, classes: number): Tensor[] {
  return [map, ...Array.from({ length: classes - 1 }, () => clone(map))];
}
