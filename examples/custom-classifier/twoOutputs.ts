/**
 * A network with two outputs, the scores of its classes and the box around what it saw: each is
 * explained by its name.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { vanillaGradient } from 'tfjs-saliency';

/** The box's numbers, in the order in which the network returns them. */
export const BOX = ['left', 'top', 'width', 'height'] as const;

export interface Evidence {
  /** Which pixels raise the score of the class. */
  readonly forClass: Tensor;
  /** Which pixels move the left side of the box to the right. */
  readonly forLeft: Tensor;
}

/**
 * @param model - image -> `classes` [n, k] and `box` [n, 4]; outputs are named after the layers
 * that make them
 * @param photo - [h, w, c], in the model's own scale
 * @returns gradients [h, w, c], the caller's to dispose
 */
export function explainBoth(model: LayersModel, photo: Tensor, classIndex: number): Evidence {
  return {
    forClass: vanillaGradient(model, photo, classIndex, { output: 'classes' }),
    // What is differentiated need be no class: any number of an output has an index.
    forLeft: vanillaGradient(model, photo, BOX.indexOf('left'), { output: 'box' }),
  };
}
