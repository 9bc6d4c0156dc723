/**
 * A classifier of your own: a network's features, and for each class the features of an example,
 * its prototype.
 */
import { expandDims, neg, square, sub, sum } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { aggregateChannels, smoothGrad } from 'tfjs-saliency';
import type { ModelFunction } from 'tfjs-saliency';

/**
 * Such a classifier as the library takes it, a function from a batch to a batch: it may be made of
 * any tfjs ops, but must not leave them (no dataSync, no canvas), as a gradient ends there.
 *
 * Letters: n images, k classes, f features.
 *
 * @param features - images [n, h, w, c] -> features [n, f]
 * @param prototypes - [k, f]
 * @returns images -> scores [n, k]: minus the squared distance to each class's prototype
 */
export function prototypeClassifier(features: LayersModel, prototypes: Tensor2D): ModelFunction {
  return (images) => {
    const found = expandDims(features.predict(images) as Tensor, 1); // [n, 1, f]
    return neg(sum(square(sub(found, prototypes)), 2));
  };
}

/**
 * Which pixels bring a photo nearer to the prototype of a class.
 *
 * @param photo - [1, h, w, c]: a function does not tell the shape of its input, so the batch
 * dimension has to be there
 * @returns [1, h, w], the caller's to dispose
 */
export function explainPrototype(
  classifier: ModelFunction,
  photo: Tensor,
  classIndex: number,
): Tensor {
  const gradient = smoothGrad(classifier, photo, classIndex, {
    samples: 20,
    antithetic: true,
    seed: 1,
  });
  const map = aggregateChannels(gradient);
  gradient.dispose();
  return map;
}
