/** Ops that move numbers without changing them; their gradients move them back. */
import {
  add,
  batchToSpaceND,
  concat,
  pad,
  reshape,
  reverse,
  slice,
  slice_util,
  spaceToBatchND,
  stack,
  sum,
  transpose,
  util,
  zeros,
} from '@tensorflow/tfjs-core';
import type {
  BatchToSpaceNDAttrs,
  ConcatAttrs,
  DepthToSpaceAttrs,
  MirrorPadAttrs,
  PackAttrs,
  PadV2Attrs,
  ReverseAttrs,
  SliceAttrs,
  SpaceToBatchNDAttrs,
  SplitVAttrs,
  StridedSliceAttrs,
  Tensor,
  TileAttrs,
  TransposeAttrs,
  UnpackAttrs,
} from '@tensorflow/tfjs-core';
import { dilateAxis, padOrCrop } from './window.js';
import { inputRule, rule } from '../rule.js';
import type { KernelCall, KernelRules, RuleTable } from '../rule.js';

const likeInput = /* @__NO_SIDE_EFFECTS__ */ (name: string): KernelRules =>
  rule(name, (dy, call) => reshape(dy, call.operand(name).shape));

/**
 * Lists the gradients with respect to all outputs, zeros where the score does not depend on one.
 */
const allDys = (call: KernelCall<unknown>): Tensor[] =>
  call.dys.map((dy, i) => dy ?? zeros(call.outputs[i]!.shape));

/** Cuts out the part of dy that belongs to one of the concatenated inputs. */
function concatPart(dy: Tensor, call: KernelCall<ConcatAttrs>, name: string): Tensor {
  const { shape } = call.operand(name);
  const axis = util.parseAxisParam(call.attrs.axis, shape)[0]!;
  const sizes = call.names.map((input) => call.operand(input).shape[axis]!);
  const before = sizes.slice(0, call.names.indexOf(name)).reduce((total, size) => total + size, 0);
  const begin = shape.map((_, i) => (i === axis ? before : 0));
  return slice(dy, begin, shape);
}

/** Cuts out the part of dy that belongs to one of the stacked inputs. */
function packedPart(dy: Tensor, call: KernelCall<PackAttrs>, name: string): Tensor {
  const axis = util.parseAxisParam(call.attrs.axis, dy.shape)[0]!;
  const begin = dy.shape.map((_, i) => (i === axis ? call.names.indexOf(name) : 0));
  const size = dy.shape.map((length, i) => (i === axis ? 1 : length));
  return reshape(slice(dy, begin, size), call.operand(name).shape);
}

function stridedSliceGradient(dy: Tensor, call: KernelCall<StridedSliceAttrs>): Tensor {
  const { shape } = call.operand('x');
  const a = call.attrs;
  const info = slice_util.sliceInfo(
    shape,
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  const { begin, strides, finalShapeSparse } = info;
  if (finalShapeSparse.includes(0)) return zeros(shape);
  // The lengths of the slice before axes were added or dropped.
  const taken = shape.map((_, axis) =>
    Math.max(1, Math.ceil((info.end[axis]! - begin[axis]!) / strides[axis]!)),
  );
  const backwards = [...shape.keys()].filter((axis) => strides[axis]! < 0);
  let gradient = reshape(dy, taken);
  if (backwards.length > 0) gradient = reverse(gradient, backwards);
  const first = shape.map((_, axis) =>
    strides[axis]! > 0 ? begin[axis]! : begin[axis]! + (taken[axis]! - 1) * strides[axis]!,
  );
  for (const axis of shape.keys()) gradient = dilateAxis(gradient, axis, Math.abs(strides[axis]!));
  // The zeros behind the last number may reach past the end.
  return padOrCrop(
    gradient,
    shape.map((size, axis) => [first[axis]!, size - first[axis]! - gradient.shape[axis]!]),
  );
}

/** Adds the gradient of mirrored numbers to their sources, which tfjs's gradient forgets. */
function mirrorPadGradient(dy: Tensor, call: KernelCall<MirrorPadAttrs>): Tensor {
  const { paddings, mode } = call.attrs;
  const { shape } = call.operand('x');
  const skipped = mode === 'reflect' ? 1 : 0; // 'reflect' does not repeat the border itself
  let gradient = dy;
  for (const [axis, [before, after]] of paddings.entries()) {
    const size = shape[axis]!;
    const part = (begin: number, length: number): Tensor =>
      slice(
        gradient,
        gradient.shape.map((_, i) => (i === axis ? begin : 0)),
        gradient.shape.map((full, i) => (i === axis ? length : full)),
      );
    const placed = (t: Tensor, begin: number): Tensor =>
      pad(
        reverse(t, axis),
        t.shape.map((length, i) => (i === axis ? [begin, size - begin - length] : [0, 0])),
      );
    let inside = part(before, size);
    if (before > 0) inside = add(inside, placed(part(0, before), skipped));
    if (after > 0) inside = add(inside, placed(part(before + size, after), size - after - skipped));
    gradient = inside;
  }
  return gradient;
}

function depthToSpaceGradient(dy: Tensor, call: KernelCall<DepthToSpaceAttrs>): Tensor {
  const { shape } = call.operand('x');
  const { blockSize: b, dataFormat } = call.attrs;
  const [n = 1] = shape;
  if (dataFormat === 'NCHW') {
    const [, packed = 1, h = 1, w = 1] = shape;
    return reshape(
      transpose(reshape(dy, [n, packed / (b * b), h, b, w, b]), [0, 3, 5, 1, 2, 4]),
      shape,
    );
  }
  const [, h = 1, w = 1, packed = 1] = shape;
  return reshape(
    transpose(reshape(dy, [n, h, b, w, b, packed / (b * b)]), [0, 1, 3, 2, 4, 5]),
    shape,
  );
}

/** Sums over the copies, axis by axis. */
function tileGradient(dy: Tensor, call: KernelCall<TileAttrs>): Tensor {
  const { shape } = call.operand('x');
  let gradient = dy;
  for (const [axis, reps] of call.attrs.reps.entries()) {
    if (reps === 1) continue;
    const before = util.sizeFromShape(shape.slice(0, axis));
    const rest = gradient.size / (before * reps);
    gradient = sum(reshape(gradient, [before, reps, rest]), 1);
  }
  return reshape(gradient, shape);
}

export const layoutRules: RuleTable = {
  Identity: rule('x', (dy) => dy),
  Reshape: likeInput('x'),
  ExpandDims: likeInput('input'),
  Transpose: rule<TransposeAttrs>('x', (dy, { attrs: { perm } }) =>
    transpose(
      dy,
      perm.map((_, axis) => perm.indexOf(axis)),
    ),
  ),
  Reverse: rule<ReverseAttrs>('x', (dy, { attrs: { dims } }) => reverse(dy, dims)),
  FlipLeftRight: rule('image', (dy) => reverse(dy, 2)),
  Slice: rule<SliceAttrs>('x', (dy, call) => {
    const { shape } = call.operand('x');
    const [begin] = slice_util.parseSliceParams(
      { shape, rank: shape.length } as Tensor,
      call.attrs.begin,
      call.attrs.size,
    );
    return padOrCrop(
      dy,
      shape.map((size, axis) => [begin![axis]!, size - begin![axis]! - dy.shape[axis]!]),
    );
  }),
  StridedSlice: rule<StridedSliceAttrs>('x', stridedSliceGradient),
  PadV2: rule<PadV2Attrs>('x', (dy, { attrs: { paddings } }) =>
    padOrCrop(
      dy,
      paddings.map(([before, after]) => [-before, -after]),
    ),
  ),
  MirrorPad: rule<MirrorPadAttrs>('x', mirrorPadGradient),
  Concat: { '*': inputRule<ConcatAttrs>(concatPart) },
  SplitV: rule<SplitVAttrs>('x', (_, call) => concat(allDys(call), call.attrs.axis)),
  Pack: { '*': inputRule<PackAttrs>(packedPart) },
  Unpack: rule<UnpackAttrs>('value', (_, call) => stack(allDys(call), call.attrs.axis)),
  Tile: rule<TileAttrs>('x', tileGradient),
  DepthToSpace: rule<DepthToSpaceAttrs>('x', depthToSpaceGradient),
  SpaceToBatchND: rule<SpaceToBatchNDAttrs>('x', (dy, { attrs: { blockShape, paddings } }) =>
    batchToSpaceND(dy, blockShape, paddings),
  ),
  BatchToSpaceND: rule<BatchToSpaceNDAttrs>('x', (dy, { attrs: { blockShape, crops } }) =>
    spaceToBatchND(dy, blockShape, crops),
  ),
};
