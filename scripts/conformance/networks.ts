/** Whole networks in the browser: how far each backend's gradient is from the cpu's. */
import * as tf from '@tensorflow/tfjs-core';
import { ours } from '../../test/conformance/ours.js';
import { ARCHITECTURES } from '../../test/networks/architectures/index.js';
import { SIZE } from '../../test/networks/architectures/transformer.js';
import { distance, imageOf } from '../../test/networks/compare.js';
import { asFunction, weightsOf } from '../../test/networks/functionBuilder.js';
import { transformerFunction } from '../../test/networks/transformerForms.js';
import { Weights } from '../../test/networks/weights.js';
import { BACKENDS } from './verdicts.js';
import type { NetworkRow } from './verdicts.js';

const logProbability = (outputs: tf.Tensor): tf.Tensor => tf.log(tf.slice(outputs, [0, 3], [1, 1]));

export async function runNetworks(
  progress: (line: string) => Promise<void>,
): Promise<NetworkRow[]> {
  await tf.setBackend('cpu');
  const networks = [
    ...ARCHITECTURES.map((architecture) => {
      return {
        name: architecture.name,
        size: architecture.size,
        model: asFunction(architecture, weightsOf(architecture)),
      };
    }),
    { name: 'vision transformer', size: SIZE, model: transformerFunction(new Weights()) },
  ];
  const rows: NetworkRow[] = [];
  for (const { name, size, model } of networks) {
    await progress(`gradient of ${name}`);
    const gradients: Float32Array[] = [];
    for (const backend of BACKENDS) {
      await tf.setBackend(backend);
      // At the engine's level: a map that is checked on the way reads synchronously, which a
      // headless WebGPU cannot.
      gradients.push(
        (await ours((x) => logProbability(model(x)), imageOf(size)).data()) as Float32Array,
      );
    }
    rows.push({ name, distances: gradients.map((gradient) => distance(gradient, gradients[0]!)) });
  }
  return rows;
}
