import { parseArgs } from 'node:util';
import { positiveInteger } from '../../examples/shared/flags.js';
import { InputError } from '../../examples/shared/run.js';
import type { Gpu } from '../browser/chromium.js';
import { BACKENDS, NODE_BACKENDS, NODE_GPU, PAGE_BACKENDS } from './job.js';
import type { Backend } from './job.js';
import { BENCH_MODELS } from './models.js';
import { TRAINED } from './trained.js';

const NAMES = BENCH_MODELS.map(({ architecture }) => architecture.name);
const WITH_DISPATCHES = ['MobileNetV2', 'ResNet50'];
const WITH_METHODS = ['MobileNetV2', 'ResNet50'];
const WITH_PICTURE = ['MobileNetV2, nsfwjs', 'InceptionV3, nsfwjs'];
const WITH_WORKERS = ['MobileNetV1', 'MobileNetV2', 'VGG16'];

export const usage = `Usage: npm run bench -- [options]

Times the library beside plain tf.grad, each model in processes of its own: 224 x 224 on wasm (one thread), smaller on cpu.

  --models A,B          of ${NAMES.join(', ')} (all; with --workers: ${WITH_WORKERS.join(', ')})
  --workers             instead of all else, how much faster 2 workers on wasm are than 1, and what memory they take
  --methods             instead of all else, what a map of each method takes on wasm, in forward passes, beside what it
                        should; few samples, as the table says (${WITH_METHODS.join(', ')})
  --picture             instead of all else, the seconds from the start of a process to the picture of each method on
                        wasm, with those that sample until what is shown has converged to .95; of trained models, as for
                        --exactness (${WITH_PICTURE.join(' and ')})
  --dispatches          instead of all else, which kernels one sample dispatches, what it uploads and how often it reads
                        back, of the tests' small graph models (MobileNetV2, ResNet50 on all backends)
  --exactness           instead of all else, how far maps with own kernels are from those with tfjs's, of trained models;
                        --models takes beginnings of ${Object.keys(TRAINED).join(' | ')}
  --wasm, --cpu, --webgl, --webgpu, --webgpu-node
                        on these backends only; without any, wasm and cpu. webgl and webgpu in a headless Chromium, the
                        last in Node, by npm's webgpu and the Vulkan driver
  --gpu KIND            software, or hardware if the machine has a GPU (software)
  --size N              height and width of the input (224 on wasm and on hardware, else smaller)
  --runs N              forward passes before and after SmoothGrad, and single gradients; fewer where they are slow (20);
                        with --workers, runs of which the fastest counts (3); with --methods, maps of each (3)
  --memory-samples A,B  after how many samples of SmoothGrad on wasm the resident memory is read; the last is also the
                        number of samples that are timed (10,30: a hundred of VGG16 take minutes; with --workers 16)
  --torch               PyTorch too, on one thread and on two, with Debian's python3-torch
  --no-plain            without tf.grad, which takes most of the time
  --check               also says which ratios are worse by more than 10 % than in scripts/bench/results.json
  --write               puts the results into that file, in the place of the same models', and into docs/speed.md;
                        a run may be of one model
  --json FILE           where to write the results as JSON
`;

export interface Flags {
  readonly models: readonly string[];
  readonly workers: boolean;
  readonly methods: boolean;
  readonly picture: boolean;
  readonly dispatches: boolean;
  readonly exactness: boolean;
  readonly backends: readonly Backend[];
  readonly gpu: Gpu;
  readonly size: number | undefined;
  readonly runs: number;
  readonly memorySamples: readonly number[];
  readonly torch: boolean;
  readonly plain: boolean;
  readonly check: boolean;
  readonly write: boolean;
  readonly json: string | undefined;
}

/**
 * @returns undefined if it is the usage that is wanted.
 * @throws InputError or parseArgs's own error if a flag is unknown or has a wrong value.
 */
export function readFlags(args: string[]): Flags | undefined {
  const { values } = parseArgs({
    args,
    options: {
      models: { type: 'string' },
      workers: { type: 'boolean', default: false },
      methods: { type: 'boolean', default: false },
      picture: { type: 'boolean', default: false },
      dispatches: { type: 'boolean', default: false },
      exactness: { type: 'boolean', default: false },
      wasm: { type: 'boolean', default: false },
      cpu: { type: 'boolean', default: false },
      webgl: { type: 'boolean', default: false },
      webgpu: { type: 'boolean', default: false },
      [NODE_GPU]: { type: 'boolean', default: false },
      gpu: { type: 'string', default: 'software' },
      size: { type: 'string' },
      runs: { type: 'string' },
      'memory-samples': { type: 'string' },
      torch: { type: 'boolean', default: false },
      'no-plain': { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const chosen = BACKENDS.filter((backend) => values[backend]);
  const { workers, methods, picture, dispatches, exactness } = values;
  if (dispatches && values[NODE_GPU])
    throw new InputError(`--dispatches counts in a browser: --webgpu, not --${NODE_GPU}`);
  const usual = dispatches ? [...NODE_BACKENDS, ...PAGE_BACKENDS] : NODE_BACKENDS;
  const few = methods ? WITH_METHODS : dispatches ? WITH_DISPATCHES : WITH_WORKERS;
  const isOfFew = workers || methods || dispatches;
  const { models = (isOfFew ? few : NAMES).join() } = values;
  const { runs = workers || methods ? '3' : '20' } = values;
  const { 'memory-samples': samples = workers ? '16' : '10,30' } = values;
  const memorySamples = samples.split(',').map((text) => positiveInteger('memory-samples', text));
  if (memorySamples.at(-1)! < 2)
    throw new InputError('--memory-samples must end with at least 2: the first is not timed');
  return {
    models:
      picture && values.models === undefined
        ? WITH_PICTURE
        : picture || exactness
          ? trainedNames(values.models)
          : models.split(',').map(checkName),
    workers,
    methods,
    picture,
    dispatches,
    exactness,
    backends: chosen.length > 0 ? chosen : usual,
    gpu: checkGpu(values.gpu),
    size: values.size === undefined ? undefined : positiveInteger('size', values.size),
    runs: positiveInteger('runs', runs),
    memorySamples,
    torch: values.torch,
    plain: !values['no-plain'],
    check: values.check,
    write: values.write,
    json: values.json,
  };
}

/** The trained models whose names begin so; all, if none is named. */
function trainedNames(models = ''): string[] {
  const names = Object.keys(TRAINED);
  return models.split(',').flatMap((start) => {
    const found = names.filter((name) => name.startsWith(start));
    if (found.length > 0) return found;
    throw new InputError(`--models must be beginnings of ${names.join(' | ')}, got '${start}'`);
  });
}

function checkName(name: string): string {
  if (!NAMES.includes(name))
    throw new InputError(`--models must be some of ${NAMES.join(', ')}, got '${name}'`);
  return name;
}

function checkGpu(kind: string): Gpu {
  if (kind === 'software' || kind === 'hardware') return kind;
  throw new InputError(`--gpu must be software or hardware, got '${kind}'`);
}
