import type { Tensor } from '@tensorflow/tfjs-core';
import { checkOptions } from '../arguments.js';
import type { Model } from '../model/model.js';
import type { ClassIndex } from '../target/classIndex.js';
import { attribute, ATTRIBUTION_OPTIONS, openSubject } from './arguments.js';
import type { AttributionOptions } from './arguments.js';

export type VanillaGradientOptions = AttributionOptions;

/**
 * The gradient of a class score by the input.
 *
 * Letters: n images; `...` the shape of one input, [h, w, c] for an image.
 *
 * @param model a LayersModel, a GraphModel, anything with `predict`, or a synchronous function of tfjs ops
 * @param input [n, ...] or [...] in the model's own scale; with `preprocess`, an RGB image. A plain function has no known
 * input shape: only an input of rank 1 is taken as one without its batch dimension
 * @param classIndex a class, one class per image, or `'argmax'`, the class predicted for the input
 * @returns the gradient in units of score per unit of input, float32, of the model's input's shape, with a batch
 * dimension exactly when the input had one; the caller owns it
 * @throws TypeError or RangeError for a wrong argument, before anything is computed
 * @throws GradientError if the model cannot be differentiated; it names the op, the backend and the way out
 * @see Simonyan, Vedaldi, Zisserman: Deep Inside Convolutional Networks, https://arxiv.org/abs/1312.6034
 */
export function vanillaGradient(
  model: Model,
  input: unknown,
  classIndex: ClassIndex,
  options: VanillaGradientOptions = {},
): Tensor {
  checkOptions('vanillaGradient', options, ATTRIBUTION_OPTIONS);
  const subject = openSubject('vanillaGradient', model, input, classIndex, options);
  return attribute(subject, ({ gradient, x }) => gradient.of(x));
}
