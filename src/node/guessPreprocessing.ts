import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { wrongType } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { PredictModel } from '../model/model.js';
import { createPreprocessing } from '../preprocessing/preprocessing.js';
import type { PreprocessingPreset } from '../preprocessing/preprocessing.js';
import { gray, teachableMachine } from '../preprocessing/presets.js';
import { checkPath, entryAt } from './localFile.js';

/** What is known of how a model wants its images. */
export interface PreprocessingGuess {
  /** undefined if nothing tells it. */
  readonly preprocess: PreprocessingPreset | undefined;
  /** What was guessed, from what, or why nothing can be. */
  readonly reason: string;
}

/** What `@teachablemachine/image` writes beside a model. */
interface Metadata {
  readonly packageName?: unknown;
  readonly imageSize?: unknown;
  readonly grayscale?: unknown;
}

/** The weights that `@teachablemachine/image` 0.8.5 makes gray images with. */
const TEACHABLE_MACHINE_WEIGHTS = [0.2989, 0.587, 0.114] as const;

/**
 * Guesses the preprocessing of a model.
 *
 * Teachable Machine is known by the `metadata.json` beside the model, gray images by the shape of
 * the model's input. The scale of a model of colours (0..1, -1..1, ...) stands nowhere, and is not
 * guessed.
 *
 * @param folder - the model's folder, or the path of its .json file
 * @example
 * ```ts
 * const { preprocess, reason } = await guessPreprocessing(model, 'my-model');
 * console.log(reason); // 'Teachable Machine, by its metadata.json: teachableMachine, 224 x 224'
 * ```
 */
export function guessPreprocessing(
  model: PredictModel,
  folder: string,
): Promise<PreprocessingGuess> {
  return inFunction('guessPreprocessing', async () => {
    if (typeof (model as PredictModel | null)?.predict !== 'function')
      throw wrongType('model', 'an object with a predict method', model);
    checkPath('folder', folder);
    const shape = model.inputs?.[0]?.shape;
    const metadata = await readMetadata(folder);
    return metadata === undefined ? byShape(shape) : ofTeachableMachine(metadata, shape);
  });
}

async function readMetadata(location: string): Promise<Metadata | undefined> {
  const folder = (await entryAt(location)) === 'folder' ? location : path.dirname(location);
  try {
    const text = await readFile(path.join(folder, 'metadata.json'), 'utf8');
    const metadata = JSON.parse(text) as Metadata | null;
    return metadata?.packageName === '@teachablemachine/image' ? metadata : undefined;
  } catch {
    return undefined; // none, or another program's
  }
}

type Shape = readonly (number | null)[] | undefined;

function ofTeachableMachine(metadata: Metadata, shape: Shape): PreprocessingGuess {
  const [, height, width, channels] = shape ?? [];
  const side = isSize(metadata.imageSize) ? metadata.imageSize : teachableMachine.inputSize[0];
  const inputSize = [isSize(height) ? height : side, isSize(width) ? width : side] as const;
  const isGray = channels === undefined ? metadata.grayscale === true : channels === 1;
  const preprocess = createPreprocessing({
    ...teachableMachine.options,
    inputSize,
    ...(isGray && { channels: 1, weights: TEACHABLE_MACHINE_WEIGHTS }),
  });
  const kind = isGray ? ', gray' : '';
  return {
    preprocess,
    reason:
      'Teachable Machine, by its metadata.json: ' +
      `teachableMachine, ${inputSize.join(' x ')}${kind}`,
  };
}

function byShape(shape: Shape): PreprocessingGuess {
  const nothing = (reason: string) => ({ preprocess: undefined, reason });
  if (shape === undefined) return nothing('the model does not tell the shape of its input');
  const [, height, width, channels] = shape;
  const sizes = shape.slice(1).map((size) => (isSize(size) ? size : '?'));
  const shown = `[${['n', ...sizes].join(', ')}]`;
  if (shape.length !== 4) return nothing(`the model takes ${shown}, which is no image`);
  if (channels === 1 && isSize(height) && isSize(width)) {
    const inputSize = [height, width] as const;
    return {
      preprocess: createPreprocessing({ ...gray.options, inputSize }),
      reason:
        `gray images, by the input's shape ${shown}: ` +
        `gray, ${inputSize.join(' x ')}, values in 0..1`,
    };
  }
  if (channels === 1) return nothing(`the model takes gray images of any size, ${shown}`);
  if (channels === 3) {
    return nothing(
      `the model takes colours, ${shown}, and nothing tells their scale: ` +
        'choose by its training among unit (0..1), mobilenet (-1..1), efficientnet (0..255), ' +
        'vgg16, torch, ...',
    );
  }
  if (height === 1 || height === 3) {
    return nothing(
      `the model takes channels first, ${shown}, where presets give them last: ` +
        'wrap it, x => model.predict(tf.transpose(x, [0, 3, 1, 2]))',
    );
  }
  return nothing(`the model takes ${shown}, which is neither gray nor in colours`);
}

/** Keras writes null for any size, TensorFlow -1. */
function isSize(size: unknown): size is number {
  return typeof size === 'number' && size > 0;
}
