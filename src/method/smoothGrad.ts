import type { Tensor } from '@tensorflow/tfjs-core';
import { checkOptions } from '../arguments.js';
import type { Model } from '../model/model.js';
import type { ClassIndex } from '../target/classIndex.js';
import { attribute, openSubject } from './arguments.js';
import { checkSmoothing, SMOOTHGRAD_OPTIONS, SmoothingRun } from './smoothing.js';
import type { SmoothGradOptions } from './smoothing.js';

/**
 * The mean (or another statistic) of the gradients at noisy copies of the input.
 *
 * Letters: n images; `...` the shape of one input, [h, w, c] for an image.
 *
 * @param model a LayersModel, a GraphModel, anything with `predict`, or a synchronous function of tfjs ops
 * @param input [n, ...] or [...] in the model's own scale; with `preprocess`, an RGB image; noise is added after
 * preprocessing
 * @param classIndex a class, one class per image, or `'argmax'`, the class predicted for the clean input
 * @returns the statistic of the gradients, float32, of the model's input's shape (without the channel axis if
 * `aggregate` is given), with a batch dimension exactly when the input had one; the caller owns it. It depends on the
 * seed and, to float32 rounding, neither on the batch size nor on the backend, and the images of a batch do not depend on each other
 * @throws TypeError or RangeError for a wrong argument, before anything is computed
 * @throws GradientError if the model cannot be differentiated; it names the op, the backend and the way out
 * @see Smilkov et al.: SmoothGrad, https://arxiv.org/abs/1706.03825
 * @see Adebayo et al.: Local Explanation Methods for Deep Neural Networks (VarGrad), https://arxiv.org/abs/1810.03307
 */
export function smoothGrad(
  model: Model,
  input: unknown,
  classIndex: ClassIndex,
  options: SmoothGradOptions = {},
): Tensor {
  checkOptions('smoothGrad', options, SMOOTHGRAD_OPTIONS);
  const smoothing = checkSmoothing('smoothGrad', options, classIndex);
  const subject = openSubject('smoothGrad', model, input, classIndex, options);
  return attribute(subject, () => {
    const run = new SmoothingRun('smoothGrad', subject, smoothing);
    try {
      while (run.next() < smoothing.samples);
      return run.map();
    } finally {
      run.dispose();
    }
  });
}
