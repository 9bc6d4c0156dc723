/** In the page: smoothGrad on WebGL with textures of half floats, as most phones have them. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgl';
import { smoothGradSteps } from '../../../src/index.js';
import type { SmoothGradStepsOptions } from '../../../src/index.js';

export interface Result {
  readonly map: number[];
  readonly standardError: number[];
  readonly reliability: number;
  /** What the samples' gradients are, [samples][pixels]. */
  readonly gradients: number[][];
  /** The number of tensors that the run left, beside its results. */
  readonly left: number;
}

/** Of the gradient. */
export type Kind = 'constant' | 'linear';

declare global {
  interface Window {
    smoothed: (scale: number, kind: Kind, options: SmoothGradStepsOptions) => Promise<Result>;
  }
}

const FEATURES = 50;

/** A score whose gradient is the input times `scale`; of 'constant', `scale` everywhere. */
const modelOf = (scale: number, kind: Kind) => (x: tf.Tensor) =>
  tf.sum(kind === 'constant' ? tf.mul(x, scale) : tf.mul(tf.square(x), scale / 2), 1, true);

window.smoothed = async (scale, kind, options) => {
  tf.env().set('WEBGL_FORCE_F16_TEXTURES', true);
  // Small tensors are otherwise computed on the CPU.
  tf.env().set('WEBGL_CPU_FORWARD', false);
  await tf.setBackend('webgl');
  if ((await tf.abs(tf.scalar(1e-8)).data())[0] !== 0) throw new Error('these are no half floats');
  const inputs: number[][] = [];
  const x = tf.reshape(tf.linspace(-options.stdDev!, options.stdDev!, FEATURES), [1, FEATURES]);
  const model = (rows: tf.Tensor) => {
    inputs.push(...(rows.arraySync() as number[][]));
    return modelOf(scale, kind)(rows);
  };
  const before = tf.memory().numTensors;
  const steps = smoothGradSteps(model, x, 0, options);
  const { value } = await steps.next();
  await steps.return(undefined);
  if (value === undefined) throw new Error('no step');
  const { map, standardError, reliability } = value;
  const numbers = async (t: tf.Tensor | undefined) => Array.from((await t?.data()) ?? []);
  const result = {
    map: await numbers(map),
    standardError: await numbers(standardError),
    reliability,
    gradients: inputs
      .slice(-options.at![0]!)
      .map((row) => row.map((each) => scale * (kind === 'constant' ? 1 : each))),
  };
  tf.dispose([map, standardError ?? []]);
  return { ...result, left: tf.memory().numTensors - before };
};
