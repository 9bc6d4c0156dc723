/** In the worker: what one call computes as a whole. */
import { reshape, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkOptions } from '../arguments.js';
import { openSubject } from '../method/arguments.js';
import type { AttributionOptions } from '../method/arguments.js';
import { gradientTimesInput } from '../method/gradientTimesInput.js';
import { integratedGradients } from '../method/integratedGradients.js';
import type { Attribution } from '../method/method.js';
import { vanillaGradient } from '../method/vanillaGradient.js';
import type { ClassIndex } from '../target/classIndex.js';
import type { LoadedModel } from './models.js';
import type { ArrayTensor, Request, SingleMethod } from './protocol.js';
import { readResult, receivedInput, receivedOptions } from './received.js';

/** The model's outputs, [k] for an input without batch dimension, else [n, k]. */
const predict: Attribution = (model, input, _, options = {}) => {
  checkOptions('predict', options, PREDICT_OPTIONS);
  const subject = openSubject('predict', model, input, 'argmax', options);
  try {
    return tidy(() => {
      const outputs = subject.gradient.outputs(subject.x);
      return subject.shaped(reshape(outputs, [1, ...outputs.shape]));
    });
  } finally {
    subject.dispose();
  }
};

const PREDICT_OPTIONS = ['preprocess', 'output', 'batchSize'];

const METHODS: Record<SingleMethod, Attribution<AttributionOptions>> = {
  vanillaGradient,
  gradientTimesInput,
  integratedGradients,
  predict,
};

export async function compute(
  { method, input, classIndex, options }: Request<SingleMethod>,
  { model, preprocess, score }: LoadedModel,
): Promise<ArrayTensor> {
  const own = receivedOptions(method, options, method === 'predict' ? { preprocess } : { preprocess, score });
  const given = receivedInput(input);
  let result: Tensor;
  try {
    result = METHODS[method](model, given.input, classIndex as ClassIndex, own.options);
  } finally {
    given.dispose();
    own.dispose();
  }
  return readResult(result);
}
