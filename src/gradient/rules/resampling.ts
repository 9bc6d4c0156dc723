/**
 * Resizing and cropping: y = R x C' for each channel, with a matrix R for the rows and C for the
 * columns.
 *
 * The matrices are found by resampling unit vectors with the backend's kernel, so every option
 * (align corners, half-pixel centres, extrapolation) is right. tfjs's gradients ignore half-pixel
 * centres.
 *
 * Letters: n images, h x w pixels in, oh x ow out, c channels, b boxes.
 */
import { engine, eye, matMul, reshape, slice, transpose, zerosLike } from '@tensorflow/tfjs-core';
import type {
  CropAndResizeAttrs,
  ResizeBilinearAttrs,
  Tensor,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import { oneHotFloat } from './selection.js';
import { rule } from '../rule.js';
import type { KernelCall, RuleTable } from '../rule.js';

/** Makes an image whose channels are unit vectors along one axis: resampled, it is the matrix. */
const unitVectors = (size: number, axis: 1 | 2): Tensor4D =>
  reshape(eye(size), axis === 1 ? [1, size, 1, size] : [1, 1, size, size]);

/**
 * Computes R' dy C.
 * @param dy [b, oh, ow, c]
 * @param rows R', [b or 1, h, oh]: transposed beforehand, because wasm multiplies a transposed
 * operand number by number
 * @param columns C', [b or 1, w, ow]
 */
function separableGradient(dy: Tensor, rows: Tensor, columns: Tensor): Tensor {
  const [b, oh, ow, c] = dy.shape as [number, number, number, number];
  const [h, w] = [rows.shape[1]!, columns.shape[1]!];
  const byRows = reshape(matMul(rows, reshape(dy, [b, oh, ow * c])), [b, h, ow, c]);
  const byColumns = reshape(transpose(byRows, [0, 2, 1, 3]), [b, ow, h * c]);
  return transpose(reshape(matMul(columns, byColumns), [b, w, h, c]), [0, 2, 1, 3]);
}

/** The attributes of both kernels, bilinear and nearest. */
type ResizeAttrs = ResizeBilinearAttrs;

function resizeGradient(dy: Tensor, call: KernelCall<ResizeAttrs>): Tensor {
  const [, h = 1, w = 1] = call.operand('images').shape;
  const [oh, ow] = call.attrs.size;
  const matrix = (size: number, outSize: number, axis: 1 | 2): Tensor =>
    call.cache.of([], JSON.stringify([call.kernel, call.attrs, size, axis]), () => {
      const resizedTo = axis === 1 ? [outSize, 1] : [1, outSize];
      const resized = engine().runKernel(
        call.kernel,
        { images: unitVectors(size, axis) },
        { ...call.attrs, size: resizedTo },
      );
      return transpose(reshape(resized as Tensor, [1, outSize, size]), [0, 2, 1]);
    });
  return separableGradient(dy, matrix(h, oh, 1), matrix(w, ow, 2));
}

/** Resamples each box back, and adds up the boxes of one image. */
function cropGradient(dy: Tensor, call: KernelCall<CropAndResizeAttrs>): Tensor {
  const { shape } = call.operand('image');
  const [n = 1, h = 1, w = 1] = shape;
  const [oh, ow] = call.attrs.cropSize;
  const boxes = call.value('boxes');
  const boxInd = call.value('boxInd');
  const matrix = (size: number, outSize: number, axis: 1 | 2): Tensor => {
    // Two pixels across, of which one is used: with one, wasm's nearest rounds down along the other
    // axis.
    const cropSize = axis === 1 ? [outSize, 2] : [2, outSize];
    const inputs = { image: unitVectors(size, axis), boxes, boxInd: zerosLike(boxInd) };
    const cropped = engine().runKernel('CropAndResize', inputs, {
      ...call.attrs,
      cropSize,
      extrapolationValue: 0,
    });
    const used = slice(
      cropped as Tensor,
      0,
      axis === 1 ? [-1, outSize, 1, size] : [-1, 1, outSize, size],
    );
    return transpose(reshape(used, [-1, outSize, size]), [0, 2, 1]);
  };
  const perBox = separableGradient(dy, matrix(h, oh, 1), matrix(w, ow, 2));
  return reshape(
    matMul(oneHotFloat(boxInd, n), reshape(perBox, [boxes.shape[0]!, h * w * shape[3]!]), true),
    shape,
  );
}

export const resamplingRules: RuleTable = {
  ResizeBilinear: rule<ResizeAttrs>('images', resizeGradient),
  ResizeNearestNeighbor: rule<ResizeAttrs>('images', resizeGradient),
  CropAndResize: rule<CropAndResizeAttrs>('image', cropGradient, { needs: ['boxes', 'boxInd'] }),
};
