/** In the worker: what one call computes as a whole, pass by pass. */
import { dispose, stack, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkOptions } from '../../arguments.js';
import { openSubject } from '../../method/arguments.js';
import type { AttributionOptions, Subject } from '../../method/arguments.js';
import { notFinite } from '../../method/finite.js';
import { gradientTimesInput } from '../../method/gradientTimesInput.js';
import { integratedGradients } from '../../method/integratedGradients.js';
import { methodOf } from '../../method/method.js';
import type { Attribute } from '../../method/method.js';
import { turn } from '../../method/smoothing/turn.js';
import { vanillaGradient } from '../../method/vanillaGradient.js';
import { withTurns } from '../../method/smoothing/withTurns.js';
import type { InPasses } from '../../model/passes.js';
import type { ClassIndex } from '../../target/classIndex.js';
import type { LoadedModel } from './models.js';
import type { ArrayTensor, Request, SingleMethod } from '../protocol.js';
import { readResult, receivedInput, receivedOptions } from './received.js';

const ATTRIBUTIONS = { vanillaGradient, gradientTimesInput, integratedGradients } as const;
const PREDICT_OPTIONS = ['preprocess', 'output', 'batchSize'];

/** @param check called before each pass; what it throws ends the computation */
export async function compute(
  { method, input, classIndex, options }: Request<SingleMethod>,
  { model, preprocess, score }: LoadedModel,
  check: () => void,
): Promise<ArrayTensor> {
  const own = receivedOptions(
    method,
    options,
    method === 'predict' ? { preprocess } : { preprocess, score },
  );
  const given = receivedInput(input);
  let subject: Subject | undefined;
  try {
    const attribute = attributeOf(method, own.options);
    subject = openSubject(method, model, given.input, classIndex as ClassIndex, own.options);
    await turn();
    check();
    const passes = subject.gradient.guarded(shaped(subject, attribute));
    const result = await readResult(await withTurns(passes, check));
    if (method !== 'predict' && !result.data.every(Number.isFinite)) throw notFinite(method, '');
    return result;
  } finally {
    subject?.dispose();
    given.dispose();
    own.dispose();
  }
}

/** @throws TypeError or RangeError for wrong options */
function attributeOf(name: SingleMethod, options: AttributionOptions): Attribute {
  if (name === 'predict') {
    checkOptions(name, options, PREDICT_OPTIONS);
    return predict;
  }
  const { prepare, options: known } = methodOf<AttributionOptions>(ATTRIBUTIONS[name])!;
  checkOptions(name, options, known);
  return prepare(name, options, []);
}

/** The model's outputs in the place of an attribution. */
const predict: Attribute = ({ gradient }, rows) => gradient.outputs(rows);

function* shaped(subject: Subject, attribute: Attribute): InPasses<Tensor> {
  const each = yield* attribute(subject, subject.x);
  try {
    return tidy(() => subject.shaped(stack(each)));
  } finally {
    dispose(each);
  }
}
