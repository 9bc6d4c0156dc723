import { parseArgs } from 'node:util';
import type { PreprocessingPreset } from 'tfjs-saliency';
import { positiveInteger, positiveNumber, required } from '../shared/flags.js';
import { InputError } from '../shared/run.js';
import { presetNamed, presetNames } from './presets.js';

export const usage = `Usage: npm run demo -- [options]

Shows which pixels of a photo a classifier looks at: the gradient of the score of one class, and SmoothGrad.

  --model PLACE   a TensorFlow.js model: its folder, its .json file, or the URL of either. Without it, CenterNet of
                  @vladmandic/human, an object detector, read as a classifier of 80 things
  --preset NAME   how that model wants its images, needed with --model: one of
                  ${presetNames.slice(0, 6).join(', ')},
                  ${presetNames.slice(6).join(', ')}
  --labels FILE   names of that model's classes: a JSON array, or Keras's imagenet_class_index.json
  --image FILE    the photo: JPEG, PNG, WebP, ... (a plate of food, of colorthief)
  --class CLASS   an index, a name, or argmax for the class of the highest score (argmax; for the plate of food: bowl)
  --samples N     noisy copies of the photo to average (50)
  --noise LEVEL   standard deviation of the noise, as a fraction of the range of the model's input (0.15)
  --antithetic    noise in pairs of opposite sign, so an even number of samples
  --seed N        seed of the noise (1)
  --out FOLDER    where the pictures go (out)

Ctrl-C stops early and writes what there is so far.
`;

/** A model of the user's own. */
export interface OwnModel {
  readonly location: string;
  readonly preset: PreprocessingPreset;
  readonly labels: string | undefined;
}

export interface Flags {
  /** Undefined for the demo's own. */
  readonly model: OwnModel | undefined;
  /** Undefined for the demo's own. */
  readonly image: string | undefined;
  /** An index, a label or 'argmax'. */
  readonly class: string;
  readonly samples: number;
  readonly noise: number;
  readonly antithetic: boolean;
  readonly seed: number;
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
      model: { type: 'string' },
      preset: { type: 'string' },
      labels: { type: 'string' },
      image: { type: 'string' },
      class: { type: 'string' },
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
  const samples = positiveInteger('samples', values.samples);
  if (antithetic && samples % 2 === 1) {
    throw new InputError(`--samples must be even with --antithetic, got ${samples}`);
  }
  return {
    model: readModelFlags(values),
    image,
    class: values.class ?? (isFoodPhoto ? 'bowl' : 'argmax'),
    samples,
    noise: positiveNumber('noise', values.noise),
    antithetic,
    seed: positiveInteger('seed', values.seed),
    out: required('out', values.out),
  };
}

interface ModelFlags {
  model?: string | undefined;
  preset?: string | undefined;
  labels?: string | undefined;
}

/** @returns undefined for the demo's own model. */
export function readModelFlags({ model, ...flags }: ModelFlags): OwnModel | undefined {
  return model === undefined ? noModel(flags) : ownModel(model, flags);
}

function noModel({ preset, labels }: ModelFlags): undefined {
  if (preset !== undefined)
    throw new InputError("--preset needs --model: the demo's own model has its own");
  if (labels !== undefined)
    throw new InputError("--labels needs --model: the demo's own model has its own");
}

function ownModel(model: string, { preset, labels }: ModelFlags): OwnModel {
  const location = required('model', model);
  if (preset === undefined) {
    throw new InputError(
      `--model needs --preset, how it wants its images: one of ${presetNames.join(', ')}`,
    );
  }
  return { location, preset: presetNamed(preset), labels };
}
