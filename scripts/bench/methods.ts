/** What `--methods` measures: maps in forward passes, beside what they should cost. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as library from 'tfjs-saliency';
import { median } from '../statistics.js';
import { CLASS } from './job.js';
import type { MethodTime, MethodsResult } from './job.js';
import { markdown } from './markdown.js';
import type { Column } from './markdown.js';
import { finish } from './measure.js';

/** A method's options of few samples, and how many passes it then should cost. */
interface Theory {
  readonly options?: object;
  /** A way back counts as one; that of a head, or what an image costs once, as none. */
  readonly passes: number;
}

const STEPS = 5;
const MASKS = 20;
const CHANNELS = 8;
const CELLS = 2;
const cam: Theory = { passes: 1 };
const gradient: Theory = { passes: 2 };
const path: Theory = { options: { steps: STEPS }, passes: 2 * STEPS };
const channels: Theory = { options: { maxChannels: CHANNELS }, passes: CHANNELS };
const segments: Theory = { options: { samples: MASKS, segments: 10 }, passes: MASKS + 2 };

/** The methods of docs/methods.md but for those of transformers, which these models are not. */
const THEORY = {
  vanillaGradient: gradient,
  smoothGrad: { options: { samples: STEPS }, passes: 2 * STEPS },
  gradientTimesInput: gradient,
  integratedGradients: path,
  expectedGradients: { options: { samples: STEPS }, passes: 2 * STEPS },
  blurIntegratedGradients: path,
  guidedIntegratedGradients: path,
  xrai: { options: { steps: STEPS }, passes: 4 * STEPS },
  guidedBackprop: gradient,
  deconvnet: gradient,
  guidedGradCam: { passes: 3 },
  gradCam: cam,
  gradCamPlusPlus: cam,
  layerCam: cam,
  hiResCam: cam,
  xGradCam: cam,
  eigenCam: cam,
  scoreCam: channels,
  ablationCam: channels,
  lrp: { passes: 4 },
  deepLift: { passes: 3 },
  occlusion: { options: { window: 56, stride: 56 }, passes: 17 },
  rise: { options: { samples: MASKS }, passes: MASKS },
  kernelShap: segments,
  lime: segments,
  sobol: { options: { samples: 4, cells: CELLS }, passes: 4 * (CELLS ** 2 + 2) },
  hsic: { options: { samples: MASKS, cells: CELLS }, passes: MASKS },
} as const satisfies Partial<Record<keyof typeof library, Theory>>;

/** More than this times its theory is marked. */
const ALLOWED = 1.25;

export interface MethodsRow extends MethodsResult {
  readonly model: string;
  readonly size: number;
}

type Attribution = (model: LayersModel, x: Tensor, classIndex: number, options: object) => Tensor;

/** Times each method in turns with forward passes: a machine is not equally fast all the time. */
export async function measureMethods(
  model: LayersModel,
  x: Tensor,
  runs: number,
): Promise<MethodsResult> {
  const timed = async (run: () => Tensor): Promise<number> => {
    const start = performance.now();
    await finish(run());
    return performance.now() - start;
  };
  const predict = (): Tensor => model.predict(x) as Tensor;
  // The first of each kind moves the weights to the backend, and makes its buffers.
  await finish(predict());
  await finish(library.vanillaGradient(model, x, CLASS));
  const all: number[] = [];
  const methods: MethodTime[] = [];
  for (const [name, { passes, ...rest }] of Object.entries<Theory>(THEORY)) {
    const attribute = library[name as keyof typeof THEORY] as unknown as Attribution;
    const options = { batchSize: 1, ...rest.options };
    const [maps, forwards]: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      forwards.push(await timed(predict));
      maps.push(await timed(() => attribute(model, x, CLASS, options)));
      forwards.push(await timed(predict));
    }
    all.push(...forwards);
    const settings = Object.entries(rest.options ?? {}).map(([key, value]) => `${key} ${value}`);
    const forwardPasses = median(maps) / median(forwards);
    methods.push({ method: name, settings: settings.join(', '), forwardPasses, theory: passes });
  }
  return { forward: median(all), methods };
}

const columnsOf = (rows: readonly MethodsRow[]): Column<MethodTime>[] => [
  { title: 'method', cell: ({ method }) => `\`${method}\`` },
  { title: 'with', cell: ({ settings }) => settings },
  { title: 'theory', cell: ({ theory }) => String(theory) },
  ...rows.map(({ model, size, methods }) => ({
    title: `${model}, ${size} x ${size}`,
    cell({ method }: MethodTime): string {
      const found = methods.find((each) => each.method === method);
      if (found === undefined) return '';
      const isOver = found.forwardPasses > ALLOWED * found.theory;
      return `${found.forwardPasses.toFixed(2)}${isOver ? ' !' : ''}`;
    },
  })),
];

/** A row per method, a column per model; '!' marks what costs over 1.25 times its theory. */
export function methodsTable(rows: readonly MethodsRow[]): string {
  const [first] = rows;
  return first === undefined ? 'Not measured yet.' : markdown(columnsOf(rows), first.methods);
}
