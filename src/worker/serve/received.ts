/** In the worker: inputs and options as the library takes them, of what has crossed. */
import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice } from '../../arguments.js';
import { createPreprocessing } from '../../preprocessing/preprocessing.js';
import type { Preprocessing } from '../../preprocessing/preprocessing.js';
import * as presets from '../../preprocessing/presets.js';
import type { ArrayTensor, SentInput, SentOptions, SentTensor } from '../protocol.js';
import type { LoadedModel } from './models.js';
import type { SentPreset } from '../options.js';

/** The names of the library's presets. */
export type PresetName = keyof typeof presets;

const isSentTensor = (value: unknown): value is SentTensor =>
  typeof value === 'object' && value !== null && (value as Partial<SentTensor>).kind === 'tensor';

/** An input for the library; `dispose` frees what was made for it. */
export function receivedInput(input: SentInput): { input: unknown; dispose(): void } {
  if (input.kind === 'bitmap') {
    return {
      input: input.bitmap,
      dispose() {
        input.bitmap.close();
      },
    };
  }
  if (input.kind === 'pixels') return { input, dispose: () => undefined };
  const made = toTensor(input);
  return {
    input: made,
    dispose() {
      made.dispose();
    },
  };
}

const toTensor = ({ data, shape, dtype }: SentTensor): Tensor => tensor(data, shape, dtype);

/**
 * Options for the library, and what the model was loaded with where the options do not say
 * otherwise.
 */
export function receivedOptions(
  caller: string,
  options: SentOptions,
  own: Pick<LoadedModel, 'preprocess' | 'score' | 'noise'>,
): { options: object; dispose(): void } {
  const made: Tensor[] = [];
  const received: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(own)) if (value !== undefined) received[name] = value;
  for (const [name, value] of Object.entries(options)) {
    if (name === 'preprocess') received[name] = receivedPreset(caller, value as SentPreset);
    else if (isSentTensor(value)) made.push((received[name] = toTensor(value)));
    else received[name] = value;
  }
  return {
    options: received,
    dispose() {
      made.forEach((each) => each.dispose());
    },
  };
}

function receivedPreset(caller: string, preset: SentPreset): Preprocessing {
  if ('options' in preset) return createPreprocessing(preset.options);
  const { name } = preset;
  checkChoice(caller, 'preprocess', name, Object.keys(presets) as PresetName[]);
  return presets[name];
}

/**
 * Reads a result and frees it. The copy is because the cpu and webgl backends give what they
 * compute with.
 */
export async function readResult(result: Tensor): Promise<ArrayTensor> {
  try {
    return { data: (await result.data<'float32'>()).slice(), shape: result.shape };
  } finally {
    result.dispose();
  }
}
