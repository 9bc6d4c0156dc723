import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export interface Prediction {
  classIndex: number;
  probability: number;
}

/** The most probable classes of an input [1, h, w, 3], the likeliest first. */
export async function mostProbable(
  model: LayersModel,
  input: Tensor,
  count: number,
): Promise<Prediction[]> {
  const output = model.predict(input) as Tensor;
  const probabilities = await output.data();
  output.dispose();
  return Array.from(probabilities, (probability, classIndex) => ({ classIndex, probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, count);
}
