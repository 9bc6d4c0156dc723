/**
 * Pools in three dimensions: over boxes is over planes, then along the depth.
 *
 * Ties break in the same order, and the number of voxels in a border window is the product of both.
 *
 * Letters: n volumes, d x h x w voxels, c channels; od x oh x ow outputs.
 */
import { maxPool, reshape } from '@tensorflow/tfjs-core';
import type {
  AvgPool3DAttrs,
  MaxPool3DAttrs,
  MaxPoolAttrs,
  Tensor,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import { maximumGradient } from './maxPooling.js';
import { averageGradient, poolInfo } from './pooling.js';
import { rule } from '../rule.js';
import type { KernelCall, RuleTable } from '../rule.js';

type Shape4D = [number, number, number, number];
type Pool3DAttrs = AvgPool3DAttrs & MaxPool3DAttrs;

/** One of the two pools: its attributes, and the shapes of its input and output. */
interface Stage {
  readonly attrs: MaxPoolAttrs;
  readonly inShape: Shape4D;
  readonly outShape: Shape4D;
}

const triple = (value: number[] | number): number[] =>
  typeof value === 'number' ? [value, value, value] : value;

function stages(call: KernelCall<Pool3DAttrs>): { planes: Stage; depth: Stage } {
  const { pad, filterSize, strides, dimRoundingMode } = call.attrs;
  const [kd, kh, kw] = triple(filterSize) as [number, number, number];
  const [sd, sh, sw] = triple(strides) as [number, number, number];
  const [n, d, h, w, c] = call.operand('x').shape as [number, ...Shape4D];
  const [, od, oh, ow] = call.outputs[0]!.shape as [number, ...Shape4D];
  const rounding = dimRoundingMode === undefined ? {} : { dimRoundingMode };
  const padAlong: MaxPoolAttrs['pad'] =
    typeof pad === 'number'
      ? [
          [0, 0],
          [pad, pad],
          [0, 0],
          [0, 0],
        ]
      : pad;
  return {
    planes: {
      attrs: { filterSize: [kh, kw], strides: [sh, sw], pad, ...rounding },
      inShape: [n * d, h, w, c],
      outShape: [n * d, oh, ow, c],
    },
    depth: {
      attrs: { filterSize: [kd, 1], strides: [sd, 1], pad: padAlong, ...rounding },
      inShape: [n, d, oh * ow, c],
      outShape: [n, od, oh * ow, c],
    },
  };
}

function maxGradient(dy: Tensor, call: KernelCall<Pool3DAttrs>): Tensor {
  const { planes, depth } = stages(call);
  const x: Tensor4D = reshape(call.value('x'), planes.inShape);
  const { filterSize, strides, pad, dimRoundingMode } = planes.attrs;
  const middle = maxPool(x, filterSize, strides, pad, dimRoundingMode);
  const middleGradient = maximumGradient(
    reshape(dy, depth.outShape),
    reshape(middle, depth.inShape),
    reshape(call.output(), depth.outShape),
    poolInfo(depth.inShape, depth.attrs),
  );
  return maximumGradient(
    reshape(middleGradient, planes.outShape),
    x,
    middle,
    poolInfo(planes.inShape, planes.attrs),
  );
}

function avgGradient(dy: Tensor, call: KernelCall<Pool3DAttrs>): Tensor {
  const { planes, depth } = stages(call);
  const alongDepth: Tensor4D = reshape(dy, depth.outShape);
  const middleGradient = averageGradient(
    alongDepth,
    poolInfo(depth.inShape, depth.attrs),
    call.cache,
  );
  return averageGradient(
    reshape(middleGradient, planes.outShape),
    poolInfo(planes.inShape, planes.attrs),
    call.cache,
  );
}

const shaped =
  /* @__NO_SIDE_EFFECTS__ */
  (gradient: typeof maxGradient): typeof maxGradient =>
    (dy, call) =>
      reshape(gradient(dy, call), call.operand('x').shape);

export const pooling3dRules: RuleTable = {
  AvgPool3D: rule<Pool3DAttrs>('x', shaped(avgGradient)),
  MaxPool3D: rule<Pool3DAttrs>('x', shaped(maxGradient), { needs: ['x'], needsOutput: 0 }),
};
