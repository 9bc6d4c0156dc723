import { parseArgs } from 'node:util';
import { backendNamed, backendOptions, backendUsage } from '../shared/backend.js';
import type { BackendName } from '../shared/backend.js';
import { positiveInteger, positiveNumber, required } from '../shared/flags.js';
import { lookOptions, lookUsage, readLook } from '../shared/look.js';
import type { Look } from '../shared/look.js';
import { layerUsage, methodNamed, methodNames, readMethodOptions } from '../shared/methods.js';
import type { MethodName, MethodOptions } from '../shared/methods.js';
import { InputError } from '../shared/run.js';
import type { OwnModel } from './classifier.js';
import { presetNamed, presetNames } from './presets.js';

/** The flags that name a model, of this program and others. */
export const modelUsage = `  --model PLACE   a TensorFlow.js model: its folder, its .json file, or the URL of either; or one of nsfwjs's,
                  nsfwjs/mobilenet_v2, nsfwjs/mobilenet_v2_mid or nsfwjs/inception_v3. Without it, CenterNet of
                  @vladmandic/human, an object detector, read as a classifier of 80 things
  --preset NAME   how that model wants its images, where its files do not tell (as Teachable Machine's do): one of
                  ${presetNames.slice(0, 6).join(', ')},
                  ${presetNames.slice(6).join(', ')}
  --labels FILE   names of that model's classes: labels.txt, a JSON array, ... (the file beside the model)
  --output NAME   which output of that model has the scores, if it has several`;

export const usage = `Usage: npm run demo -- [options]

Shows which pixels of a photo a classifier looks at: the gradient of the score of one class, and SmoothGrad
or another method.

${modelUsage}
  --image FILE    the photo: JPEG, PNG, WebP, ... (a plate of food, of colorthief)
  --class CLASS   an index, a name, or argmax for the class of the highest score (argmax; for the plate of food: bowl)
  --method NAME   one of ${methodNames.join(', ')} (smoothGrad)
${layerUsage}
  --samples N     noisy copies of the photo to average (50)
  --noise LEVEL   standard deviation of the noise, as a fraction of the range of the model's input (0.15)
  --antithetic    noise in pairs of opposite sign, so an even number of samples
  --seed N        seed of the noise (1)
${backendUsage}
${lookUsage}
  --out FOLDER    where the pictures go (out)

Ctrl-C stops early and writes what there is so far.
`;

export interface Flags {
  /** Undefined for the demo's own. */
  readonly model: OwnModel | undefined;
  /** Undefined for the demo's own. */
  readonly image: string | undefined;
  /** An index, a label or 'argmax'. */
  readonly class: string;
  readonly method: MethodName;
  readonly methodOptions: MethodOptions;
  readonly samples: number;
  readonly noise: number;
  readonly antithetic: boolean;
  readonly seed: number;
  readonly backend: BackendName;
  readonly look: Look;
  readonly out: string;
}

/**
 * @returns undefined if it is the usage that is wanted.
 * @throws InputError or parseArgs's own error if a flag is missing, unknown or has a wrong value.
 */
export function readFlags(args: string[]): Flags | undefined {
  const { values } = parseArgs({
    args,
    options: {
      ...modelOptions,
      ...backendOptions,
      ...lookOptions,
      image: { type: 'string' },
      class: { type: 'string' },
      method: { type: 'string', default: 'smoothGrad' },
      layer: { type: 'string' },
      samples: { type: 'string', default: '50' },
      noise: { type: 'string', default: '0.15' },
      antithetic: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      out: { type: 'string', default: 'out' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { model, image, antithetic } = values;
  const isFoodPhoto = model === undefined && image === undefined;
  const method = methodNamed(values.method);
  const samples = positiveInteger('samples', values.samples);
  if (antithetic && samples % 2 === 1) {
    throw new InputError(`--samples must be even with --antithetic, got ${samples}`);
  }
  return {
    model: readModelFlags(modelFlagsOf(values)),
    image,
    class: values.class ?? (isFoodPhoto ? 'bowl' : 'argmax'),
    method,
    methodOptions: readMethodOptions(method, values.layer),
    samples,
    noise: positiveNumber('noise', values.noise),
    antithetic,
    seed: positiveInteger('seed', values.seed),
    backend: backendNamed(values.backend),
    look: readLook(values),
    out: required('out', values.out),
  };
}

export const modelOptions = {
  model: { type: 'string' },
  preset: { type: 'string' },
  labels: { type: 'string' },
  output: { type: 'string' },
} as const;

type ModelFlags = Partial<Record<keyof typeof modelOptions, string | undefined>>;

/** Only those: a program has other flags as well. */
export function modelFlagsOf({ model, preset, labels, output }: ModelFlags): ModelFlags {
  return { model, preset, labels, output };
}

/** @returns undefined for the demo's own model. */
export function readModelFlags({ model, ...flags }: ModelFlags): OwnModel | undefined {
  if (model === undefined) {
    for (const [flag, value] of Object.entries(flags)) {
      if (value !== undefined)
        throw new InputError(`--${flag} needs --model: the demo's own model has its own`);
    }
    return undefined;
  }
  const { preset, labels, output } = flags;
  return {
    location: required('model', model),
    preset: preset === undefined ? undefined : presetNamed(preset),
    labels,
    output,
  };
}
