/**
 * Models whose right map is known, to test pipelines with.
 *
 * They are plain functions that own no tensors. Letters: r rows of a batch, k classes, h rows and w
 * columns of pixels, c channels.
 */
import {
  add,
  concat,
  mul,
  reshape,
  sigmoid,
  square,
  sub,
  sum,
  tensor,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkOptions, checkPositiveInteger, isTensor, outOfRange } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { Box } from '../metric/region.js';
import type { ModelFunction, TensorSpec } from '../model/model.js';
import { checkNumbers } from '../plainTensor.js';
import type { PlainTensor } from '../plainTensor.js';

/** A model that says what it takes. */
export interface FixtureModel extends ModelFunction {
  (input: Tensor): Tensor;
  readonly inputs: readonly TensorSpec[];
}

/** Numbers that a fixture keeps. */
type Weights = Tensor | PlainTensor;

interface Kept {
  readonly data: Float32Array;
  readonly shape: number[];
}

function kept(argument: string, value: Weights): Kept {
  checkNumbers(argument, value);
  const data = Float32Array.from(isTensor(value) ? value.dataSync() : value.data);
  return { data, shape: [...value.shape] };
}

const constant = ({ data, shape }: Kept): Tensor => tensor(data, shape, 'float32');

function fixture(shape: readonly number[], model: (x: Tensor) => Tensor): FixtureModel {
  return Object.assign(model, { inputs: [{ shape: [null, ...shape] }] });
}

/** Sums each row to one number, [r, 1]. */
const perRow = (x: Tensor): Tensor => sum(reshape(x, [x.shape[0]!, -1]), 1, true);

/**
 * Makes a linear model: the score of class i is the sum of input times `weights[i]`.
 *
 * Its gradient is the weights, to the bit; so are smoothed gradients, to rounding, and gradient
 * times input is complete.
 *
 * @param weights one tensor of the shape of an input for each class, or `{ data, shape }`; read at
 * once
 * @throws TypeError or RangeError for weights of different shapes
 */
export function linearModel(...weights: Weights[]): FixtureModel {
  return inFunction('linearModel', () => {
    const classes = weights.map((weight, i) => kept(`weights[${i}]`, weight));
    const [first] = classes;
    if (first === undefined) throw outOfRange('weights', 'one tensor a class', weights);
    for (const { shape } of classes) {
      if (shape.join() === first.shape.join()) continue;
      throw outOfRange('weights', `of one shape, [${first.shape.join(', ')}]`, { shape });
    }
    return fixture(first.shape, (x) =>
      concat(
        classes.map((weight) => perRow(mul(x, constant(weight)))),
        1,
      ),
    );
  });
}

/**
 * Makes a quadratic model of one class: the sum of curvature times x^2 / 2, plus slope times x.
 *
 * Its gradient at x is curvature times x, plus slope: not the same everywhere, so that smoothing
 * and paths have something to do. Integrated gradients from 0 are curvature x^2 / 2 + slope x.
 *
 * @param curvature of the shape of an input
 * @param slope of the same shape; default 0
 */
export function quadraticModel(curvature: Weights, slope?: Weights): FixtureModel {
  return inFunction('quadraticModel', () => {
    const half = kept('curvature', curvature);
    const linear = slope === undefined ? undefined : kept('slope', slope);
    if (linear !== undefined && linear.shape.join() !== half.shape.join()) {
      throw outOfRange('slope', `of curvature's shape, [${half.shape.join(', ')}]`, linear);
    }
    return fixture(half.shape, (x) => {
      const curved = mul(mul(square(x), 0.5), constant(half));
      return perRow(linear === undefined ? curved : add(curved, mul(x, constant(linear))));
    });
  });
}

export interface SpotOptions {
  /** The middle of the spot, in pixels. Default: that of the image. */
  readonly at?: { readonly x: number; readonly y: number };
  /** In pixels. Default: a quarter of the shorter side. */
  readonly radius?: number;
  /** Default 32. */
  readonly width?: number;
  /** Default 32. */
  readonly height?: number;
  /** Default 3. */
  readonly channels?: number;
}

/** A model that looks at a spot. */
export interface SpotModel extends FixtureModel {
  /** [h, w], 1 inside the spot: the right map of class 0, of which class 1 sees the rest. */
  readonly mask: PlainTensor;
  /** The smallest box around the spot. */
  readonly box: Box;
}

const SPOT_OPTIONS = ['at', 'radius', 'width', 'height', 'channels'];

/**
 * Makes a model of two classes, of which class 0 sees a spot of the image, and class 1 the rest.
 *
 * The score is the sum of sigmoid(3 x - 1.5) over what a class sees: not linear, so that noise and
 * paths matter, and with the same sign everywhere. Images are in 0..1.
 */
export function spotModel(options: SpotOptions = {}): SpotModel {
  return inFunction('spotModel', () => {
    checkOptions(options, SPOT_OPTIONS);
    const { width = 32, height = 32, channels = 3 } = options;
    for (const [name, side] of Object.entries({ width, height, channels })) {
      checkPositiveInteger(name, side);
    }
    const { at = { x: width / 2, y: height / 2 }, radius = Math.min(width, height) / 4 } = options;
    const mask = Float32Array.from({ length: height * width }, (_, i) => {
      const [y, x] = [Math.floor(i / width) + 0.5, (i % width) + 0.5];
      return Number(Math.hypot(x - at.x, y - at.y) <= radius);
    });
    const inside = { data: mask, shape: [height, width] };
    const box = boxAround(mask, width);
    const model = fixture([height, width, channels], (x) => {
      const spot = tensor(mask, [height, width, 1]);
      const seen = sigmoid(sub(mul(x, 3), 1.5));
      return concat([perRow(mul(seen, spot)), perRow(mul(seen, sub(1, spot)))], 1);
    });
    return Object.assign(model, { mask: inside, box });
  });
}

function boxAround(mask: Float32Array, width: number): Box {
  const pixels = Array.from(mask).flatMap((value, i) => (value === 1 ? [i] : []));
  if (pixels.length === 0) throw outOfRange('at', 'inside the image, with radius > 0.5', pixels);
  const [rows, columns] = [pixels.map((i) => Math.floor(i / width)), pixels.map((i) => i % width)];
  const [x, y] = [Math.min(...columns), Math.min(...rows)];
  return { x, y, width: Math.max(...columns) - x + 1, height: Math.max(...rows) - y + 1 };
}
