/** Prints the errors of 'own-relaxed' as JSON, or 'not known'; see relaxed.test.ts. */
import { backend_util, env, randomNormal, setBackend } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import type { Algorithm } from '../../src/kernels/algorithm.js';
import { convolutionKernels } from '../../src/kernels/convolution.js';
import { currentWasmBackend } from '../../src/kernels/wasmBackend.js';
import { makeWorkplace } from '../../src/kernels/workplace.js';
import { convolve } from './reference.js';

env().set('PROD', true);
await setBackend('wasm');
const workplace = makeWorkplace(currentWasmBackend()!, 'own-relaxed');

function errorOf(algorithm: Algorithm): number {
  const x: Tensor4D = randomNormal([1, 12, 12, 256], 0, 1, 'float32', 1);
  const filter: Tensor4D = randomNormal([3, 3, 256, 32], 0, 1, 'float32', 2);
  const info = backend_util.computeConv2DInfo(x.shape, filter.shape, 1, 1, 'same', 'floor');
  const { convolution } = convolutionKernels(workplace!, () => algorithm);
  const y = convolution(x, filter, info)!.dataSync();
  const expected = convolve(x.dataSync(), filter.dataSync(), info);
  const greatest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - y[i]!))) / greatest;
}

const result =
  workplace === undefined
    ? 'not known'
    : { winograd: errorOf('winograd'), im2col: errorOf('im2col') };
console.log(JSON.stringify(result));
