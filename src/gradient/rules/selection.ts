/** Ops that pick numbers by index or condition; their gradients put dy back in place. */
import {
  add,
  cast,
  expandDims,
  gatherND,
  mul,
  oneHot,
  range,
  reshape,
  scatterND,
  slice,
  sum,
  tensorScatterUpdate,
  transpose,
  util,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { GatherV2Attrs, Tensor } from '@tensorflow/tfjs-core';
import { inputRule, rule } from '../rule.js';
import type { KernelCall, RuleTable } from '../rule.js';

const int32 = (indices: Tensor): Tensor => cast(indices, 'int32');

/**
 * Encodes indices as one-hot float32 [..., depth]; wasm's kernel writes int32 whatever the type.
 */
export function oneHotFloat(indices: Tensor, depth: number): Tensor {
  const atLeastTwo = Math.max(2, depth); // tf.oneHot refuses a depth of 1
  const hot = cast(oneHot(int32(indices), atLeastTwo), 'float32');
  return depth === atLeastTwo ? hot : slice(hot, 0, [...indices.shape, depth]);
}

/**
 * Adds up dy by index; with the batch folded into the index, it is one scatter of rows.
 *
 * The kernel takes x [batch..., outer..., length, inner...] and indices [batch..., picks...]; dy is
 * [batch..., outer..., picks..., inner...].
 */
function gatherGradient(dy: Tensor, call: KernelCall<GatherV2Attrs>): Tensor {
  const { shape } = call.operand('x');
  const indices = call.value('indices');
  const { batchDims } = call.attrs;
  const axis = util.parseAxisParam(call.attrs.axis, shape)[0]!;
  const batch = util.sizeFromShape(shape.slice(0, batchDims));
  const outer = util.sizeFromShape(shape.slice(batchDims, axis));
  const length = shape[axis]!;
  const inner = util.sizeFromShape(shape.slice(axis + 1));
  const picks = indices.size / batch;
  const rows = reshape(transpose(reshape(dy, [batch, outer, picks, inner]), [0, 2, 1, 3]), [
    batch * picks,
    outer * inner,
  ]);
  const offsets = mul(reshape(range(0, batch, 1, 'int32'), [batch, 1]), length);
  const at = reshape(add(reshape(int32(indices), [batch, picks]), int32(offsets)), [
    batch * picks,
    1,
  ]);
  const scattered = scatterND(at, rows, [batch * length, outer * inner]);
  return reshape(transpose(reshape(scattered, [batch, length, outer, inner]), [0, 2, 1, 3]), shape);
}

export const selectionRules: RuleTable = {
  GatherV2: rule<GatherV2Attrs>('x', gatherGradient, { needs: ['indices'] }),
  GatherNd: rule(
    'params',
    (dy, call) => scatterND(int32(call.value('indices')), dy, call.operand('params').shape),
    {
      needs: ['indices'],
    },
  ),
  ScatterNd: rule('updates', (dy, call) => gatherND(dy, int32(call.value('indices'))), {
    needs: ['indices'],
  }),
  TensorScatterUpdate: {
    tensor: inputRule(
      (dy, call) =>
        tensorScatterUpdate(dy, int32(call.value('indices')), zerosLike(call.value('updates'))),
      { needs: ['indices', 'updates'] },
    ),
    updates: inputRule((dy, call) => gatherND(dy, int32(call.value('indices'))), {
      needs: ['indices'],
    }),
  },
  Select: {
    t: inputRule((dy, call) => where(conditionOf(call, dy), dy, zerosLike(dy)), {
      needs: ['condition'],
    }),
    e: inputRule((dy, call) => where(conditionOf(call, dy), zerosLike(dy), dy), {
      needs: ['condition'],
    }),
  },
  TopK: rule(
    'x',
    (dy, call) => {
      const { shape } = call.operand('x');
      return sum(mul(expandDims(dy, -1), oneHotFloat(call.output(1), shape.at(-1)!)), -2);
    },
    { needsOutput: 1 },
  ),
};

/** Reshapes a condition of rank 1, which selects whole rows, so that it broadcasts. */
function conditionOf(call: KernelCall, dy: Tensor): Tensor {
  const condition = call.value('condition');
  if (condition.rank !== 1 || dy.rank <= 1) return condition;
  return reshape(condition, [condition.size, ...dy.shape.slice(1).map(() => 1)]);
}
