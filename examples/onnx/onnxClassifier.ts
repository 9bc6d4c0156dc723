/** An ONNX classifier as a model of the library, in Node and in pages alike. */
import { tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-web';
import type { AsyncModel } from 'tfjs-saliency';

/**
 * Loads a classifier of images [n, c, h, w], as PyTorch exports them.
 * @param file its bytes
 * @returns a model of images [n, h, w, c], as tfjs and the library have them
 */
export async function onnxClassifier(file: Uint8Array): Promise<AsyncModel> {
  const session = await ort.InferenceSession.create(file, { executionProviders: ['wasm'] });
  const [input, output] = [session.inputNames[0]!, session.outputNames[0]!];
  return async (batch) => {
    const [n = 1, h = 1, w = 1, c = 1] = batch.shape;
    const planes: Tensor = tidy(() => transpose(batch, [0, 3, 1, 2]));
    const numbers = (await planes.data()) as Float32Array;
    planes.dispose();
    const results = await session.run({
      [input]: new ort.Tensor('float32', numbers, [n, c, h, w]),
    });
    const { data, dims } = results[output]!;
    const classes = dims.at(-1)!;
    const scores = data as Float32Array;
    return Array.from({ length: n }, (_, i) => scores.slice(i * classes, (i + 1) * classes));
  };
}
