/**
 * Times each convolution by each algorithm of ours and by tfjs, forward and back, interleaved in
 * one process: medians in ms, and tfjs's time as a multiple of ours.
 *
 * node --import tsx scripts/kernels/bench.ts [NETWORK [ROUNDS]]
 */
import { conv2d, randomNormal, randomUniform, setBackend } from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { fastestAlgorithm, suitsWinograd } from '../../src/kernels/algorithm.js';
import { convolutionKernels } from '../../src/kernels/convolution.js';
import { backwardShape, forwardShape } from '../../src/kernels/shape.js';
import { currentWasmBackend } from '../../src/kernels/wasmBackend.js';
import { makeWorkplace } from '../../src/kernels/workplace.js';
import { LAYERS } from './shapes.js';
import type { Layer } from './shapes.js';
import { stockInputGradient } from './stock.js';
import { times } from './timing.js';

const [network, rounds = '9'] = process.argv.slice(2);
await setBackend('wasm');
const mode = process.env.MODE === 'own-relaxed' ? 'own-relaxed' : 'own';
const workplace = makeWorkplace(currentWasmBackend()!, mode)!;
const choose = fastestAlgorithm(1);
const byWinograd = convolutionKernels(workplace, () => 'winograd');
const byIm2col = convolutionKernels(workplace, () => 'im2col');

function measure({
  network: name,
  size,
  c,
  d,
  filter: [kh, kw],
  stride,
  pad,
  times: n,
}: Layer): void {
  const x: Tensor4D = randomUniform([1, size, size, c]);
  const filter: Tensor4D = randomNormal([kh, kw, c, d]);
  const info = backend_util.computeConv2DInfo(x.shape, filter.shape, stride, 1, pad, 'floor');
  const dy: Tensor4D = randomNormal(info.outShape);
  const stock = stockInputGradient(info);
  for (const back of [false, true]) {
    const shape = back ? backwardShape(info) : forwardShape(info);
    const winograd = back
      ? () => byWinograd.convolutionInputGradient(dy, filter, info)!
      : () => byWinograd.convolution(x, filter, info)!;
    const ways = [
      back ? () => stock.gradient(dy) : () => conv2d(x, filter, stride, pad),
      suitsWinograd(info, shape) ? winograd : undefined,
      back
        ? () => byIm2col.convolutionInputGradient(dy, filter, info)!
        : () => byIm2col.convolution(x, filter, info)!,
    ];
    const [theirs, ...ours] = times(ways, Number(rounds));
    const cells = ours.map((ms) =>
      ms === undefined
        ? '     -     -'
        : `${ms.toFixed(2).padStart(6)} ${(theirs! / ms).toFixed(2).padStart(5)}`,
    );
    const label = `${name} ${size} ${c}->${d} ${kh}x${kw}${stride > 1 ? `/${stride}` : ''} x${n}`;
    const way = back ? 'back' : 'forward';
    const chosen = choose(info, shape, back) ?? 'tfjs';
    console.log(
      `${label.padEnd(36)} ${way.padEnd(8)} ${theirs!.toFixed(2).padStart(7)} | ${cells.join(' | ')} | ${chosen}`,
    );
  }
  stock.dispose();
  for (const tensor of [x, filter, dy]) tensor.dispose();
}

console.log('layer, tfjs ms | winograd ms, ratio | im2col ms, ratio | chosen');
for (const layer of LAYERS) if (network === undefined || layer.network === network) measure(layer);
