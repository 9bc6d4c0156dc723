import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { OwnModel } from '../demo/classifier.js';
import { modelFlagsOf, modelOptions, modelUsage, readModelFlags } from '../demo/flags.js';
import { backendNamed, backendOptions, backendUsage } from '../shared/backend.js';
import { positiveInteger, positiveNumber, required } from '../shared/flags.js';
import { lookOptions, lookUsage, readLook } from '../shared/look.js';
import type { Look } from '../shared/look.js';
import { layerUsage, methodNamed, methodNames, readMethodOptions } from '../shared/methods.js';
import type { MethodName, MethodOptions } from '../shared/methods.js';
import { InputError } from '../shared/run.js';
import type { Shard } from './photos.js';
import type { ModelSpec } from './classifier.js';

export const usage = `Usage: npx tsx examples/batch/main.ts --in FOLDER --out FOLDER [options]

Explains a folder of photos: a picture for each, and a table of scores (CSV). Started again, it goes on where it was.

  --in FOLDER     the photos: JPEG, PNG, WebP, AVIF, GIF, TIFF
  --out FOLDER    where the pictures and the table go
  --workers N     threads that compute (one per processor core: ${availableParallelism()})
  --shard I/N     only the I-th of N parts of the photos, which are the same on every machine (1/1)
${modelUsage}
  --class CLASS   an index, a name, or argmax for each photo's class of the highest score (argmax)
  --method NAME   one of ${methodNames.join(', ')} (smoothGrad)
${layerUsage}
  --samples N     noisy copies of each photo to average (50)
  --noise LEVEL   standard deviation of the noise, as a fraction of the range of the model's input (0.15)
  --seed N        seed of the noise (1)
${backendUsage}
  --picture KIND  overlay, the map on the photo, or map, the map alone in gray (overlay)
${lookUsage}
`;

export interface Flags {
  readonly in: string;
  readonly out: string;
  readonly workers: number;
  readonly shard: Shard;
  readonly spec: ModelSpec;
  readonly labels: string | undefined;
  readonly class: string;
  readonly method: MethodName;
  readonly methodOptions: MethodOptions;
  readonly samples: number;
  readonly noise: number;
  readonly seed: number;
  readonly picture: 'overlay' | 'map';
  readonly look: Look;
}

/**
 * @returns undefined if it is the usage that is wanted.
 * @throws InputError or parseArgs's own error if a flag is missing, unknown or has a wrong value.
 */
export function readFlags(args: string[]): Flags | undefined {
  const { values } = parseArgs({
    args,
    options: {
      in: { type: 'string' },
      out: { type: 'string' },
      workers: { type: 'string', default: String(availableParallelism()) },
      shard: { type: 'string', default: '1/1' },
      ...modelOptions,
      ...backendOptions,
      ...lookOptions,
      class: { type: 'string', default: 'argmax' },
      method: { type: 'string', default: 'smoothGrad' },
      layer: { type: 'string' },
      samples: { type: 'string', default: '50' },
      noise: { type: 'string', default: '0.15' },
      seed: { type: 'string', default: '1' },
      picture: { type: 'string', default: 'overlay' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const own = readModelFlags(modelFlagsOf(values));
  const method = methodNamed(values.method);
  const { picture } = values;
  if (picture !== 'overlay' && picture !== 'map') {
    throw new InputError(`--picture must be overlay or map, got '${picture}'`);
  }
  return {
    in: required('in', values.in),
    out: required('out', values.out),
    workers: positiveInteger('workers', values.workers),
    shard: readShard(values.shard),
    spec: { ...(own !== undefined && specOf(own)), ...backendOf(values.backend) },
    labels: own?.labels,
    class: values.class,
    method,
    methodOptions: readMethodOptions(method, values.layer),
    samples: positiveInteger('samples', values.samples),
    noise: positiveNumber('noise', values.noise),
    seed: positiveInteger('seed', values.seed),
    picture,
    look: readLook(values),
  };
}

function specOf({ location, preset, output }: OwnModel): ModelSpec {
  return {
    location,
    ...(preset !== undefined && { preset: preset.name }),
    ...(output !== undefined && { output }),
  };
}

/** The settings of results that were made before there was a choice do not name it. */
function backendOf(name: string): ModelSpec {
  const backend = backendNamed(name);
  return backend === 'wasm' ? {} : { backend };
}

function readShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new InputError(`--shard must be I/N with 1 <= I <= N, got '${text}'`);
}
