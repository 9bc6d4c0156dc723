// Which kernel is chosen. Oracle: the measurements of scripts/kernels/bench.ts, layer by layer.
import { fastestAlgorithm } from '../../src/kernels/algorithm.js';
import { backwardShape, forwardShape } from '../../src/kernels/shape.js';
import { infoOf } from './kernels.js';

/** The choice for a layer: image size, channels in and out, filter size, stride, and batch size. */
function chosen(
  [size, c, d, filter, stride = 1, n = 1]: number[],
  isBackward = false,
  threads = 1,
): string {
  const shape = [n, size!, size!, c!];
  const info = infoOf(shape, [filter!, filter!, c!, d!], 'same', { stride });
  const ofKernel = isBackward ? backwardShape(info) : forwardShape(info);
  return fastestAlgorithm(threads)(info, ofKernel, isBackward) ?? 'tfjs';
}

test.each([
  [[224, 64, 64, 3], 'winograd'],
  [[7, 512, 512, 3], 'winograd'],
  [[4, 512, 512, 3], 'tfjs'],
  [[4, 512, 512, 3, 1, 8], 'im2col'],
  [[6, 64, 64, 3, 1, 8], 'im2col'],
  [[2, 512, 512, 3], 'tfjs'],
  [[6, 64, 64, 3], 'tfjs'],
  [[224, 3, 64, 3], 'tfjs'],
  [[56, 64, 256, 1], 'im2col'],
  [[7, 512, 512, 1], 'tfjs'],
  [[1, 2048, 1000, 1], 'tfjs'],
  [[112, 16, 96, 1], 'tfjs'],
  [[56, 96, 24, 1], 'tfjs'],
  [[35, 96, 96, 3, 2], 'im2col'],
  [[17, 128, 128, 7], 'im2col'],
])('of layer %j: %s', (layer, expected) => {
  expect(chosen(layer)).toBe(expected);
});

test.each([
  [[224, 64, 64, 3], 'winograd'],
  [[224, 3, 64, 3], 'winograd'],
  [[7, 2048, 512, 1], 'im2col'],
  [[230, 3, 64, 7, 2], 'tfjs'],
  [[224, 3, 32, 3, 2], 'im2col'],
  [[56, 256, 512, 1, 2], 'im2col'],
])('of layer %j, on the way back: %s', (layer, expected) => {
  expect(chosen(layer, true)).toBe(expected);
});

test('threads of tfjs are faster than one of ours', () => {
  expect(chosen([56, 64, 64, 3], false, 2)).toBe('winograd');
  expect(chosen([56, 64, 64, 3], false, 4)).toBe('tfjs');
  expect(chosen([56, 64, 256, 1], false, 2)).toBe('tfjs');
});
