/**
 * Loads each file named in the arguments after the first, which is the net's Vgg16Options, and
 * prints what came of it.
 */
import { memory } from '@tensorflow/tfjs-core';
import { useWasm } from '../../shared/backend.js';
import { buildVgg16 } from '../buildVgg16.js';
import type { Vgg16Options } from '../buildVgg16.js';
import { loadKerasWeights } from '../kerasWeights.js';
import type { ReadResult } from './kerasFile.js';

await useWasm();
const [options, ...files] = process.argv.slice(2);
const results: Record<string, ReadResult> = {};
for (const file of files) results[file] = await read(file);
process.stdout.write(JSON.stringify(results));

async function read(file: string): Promise<ReadResult> {
  const model = buildVgg16(JSON.parse(options!) as Vgg16Options);
  const before = memory().numTensors;
  let error: string | undefined;
  try {
    await loadKerasWeights(model, file);
  } catch (caught) {
    error = (caught as Error).message;
  }
  const leakedTensors = memory().numTensors - before;
  const weights: Record<string, string[]> = {};
  for (const layer of model.layers) {
    weights[layer.name] = layer.getWeights().map((weight) => {
      const { buffer, byteOffset, byteLength } = weight.dataSync();
      return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
    });
  }
  model.dispose();
  return { ...(error !== undefined && { error }), weights, leakedTensors };
}
