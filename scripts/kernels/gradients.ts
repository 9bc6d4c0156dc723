/**
 * Times the gradients of pools, rectifiers and dense layers beside what tfjs's kernels take for
 * them, interleaved in one process: medians in ms, and tfjs's as a multiple of ours.
 *
 * node --import tsx scripts/kernels/gradients.ts [ROUNDS]
 */
import {
  backend_util,
  matMul,
  maxPool,
  mul,
  randomNormal,
  relu,
  setBackend,
  step,
  sub,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { maxPoolGradient } from '../../src/gradient/rules/maxPooling.js';
import { ownKernels } from '../../src/kernels/index.js';
import { times } from './timing.js';

const rounds = Number(process.argv[2] ?? 9);
await setBackend('wasm');
const kernels = ownKernels('own')!;

function print(label: string, stock: () => Tensor, own: () => Tensor): void {
  const [theirs, ours] = times([stock, own], rounds) as [number, number];
  const ratio = (theirs / ours).toFixed(2);
  console.log(`${label.padEnd(36)} ${theirs.toFixed(2)} ${ours.toFixed(2)} ${ratio}`);
}

for (const [size, c, width] of [
  [224, 64, 2],
  [56, 256, 2],
  [14, 512, 2],
  [112, 64, 3],
] as const) {
  const x: Tensor4D = randomNormal([1, size, size, c]);
  const info = backend_util.computePool2DInfo(x.shape, width, 2, 1, 'valid', 'floor');
  const attrs = { filterSize: width, strides: 2, pad: 'valid', dimRoundingMode: 'floor' } as const;
  const y = maxPool(x, width, 2, 'valid');
  const dy: Tensor4D = randomNormal(info.outShape);
  print(
    `max pool ${size} ${c}, ${width} x ${width}`,
    () => maxPoolGradient(dy, x, y, info, attrs),
    () => kernels.maxPoolInputGradient(dy, x, y, info)!,
  );
  for (const tensor of [x, y, dy]) tensor.dispose();
}

for (const size of [224 * 224 * 64, 56 * 56 * 256, 14 * 14 * 256]) {
  const [dy, y] = [randomNormal([size]), relu(randomNormal([size]))];
  print(
    `relu ${size}`,
    () => mul(dy, step(y)),
    () => kernels.reluInputGradient(dy, y)!,
  );
  print(
    `relu6 ${size}`,
    () => mul(dy, step(mul(y, sub(6, y)))),
    () => kernels.clippedReluInputGradient(dy, y, 6)!,
  );
  for (const tensor of [dy, y]) tensor.dispose();
}

for (const [m, k] of [
  [25088, 4096],
  [4096, 4096],
  [2048, 1000],
] as const) {
  const weights: Tensor2D = randomNormal([m, k]);
  for (const n of [1, 4, 16]) {
    const dy: Tensor2D = randomNormal([n, k]);
    print(
      `dense ${m} <- ${k}, ${n} rows`,
      () => transpose(matMul(weights, transpose(dy))),
      () => kernels.denseInputGradient(dy, weights)!,
    );
    dy.dispose();
  }
  weights.dispose();
}
