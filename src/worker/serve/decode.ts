/** In the worker: inputs and options as the library takes them, of what has crossed. */
import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice } from '../../checks.js';
import type { ImageInput } from '../../preprocessing/image.js';
import { createPreprocessing } from '../../preprocessing/preprocessing.js';
import type { Preprocessing } from '../../preprocessing/preprocessing.js';
import type { EncodedPreset } from '../encodeOptions.js';
import type { ArrayTensor, EncodedInput, EncodedOptions, EncodedTensor } from '../protocol.js';
import type { LoadedModel } from './models.js';
import * as presets from './presets.js';

/** The names of the library's presets. */
export type PresetName = keyof typeof presets;

/** What was made for a call, and has to be freed after it. */
export interface Decoded<T> {
  readonly value: T;
  dispose(): void;
}

export function decodeInput(input: EncodedInput): Decoded<Tensor | ImageInput> {
  if (input.kind === 'bitmap') {
    const { bitmap } = input;
    return {
      value: bitmap,
      dispose() {
        bitmap.close();
      },
    };
  }
  if (input.kind === 'pixels') return { value: input, dispose: () => undefined };
  const value = decodeTensor(input);
  return {
    value,
    dispose() {
      value.dispose();
    },
  };
}

const decodeTensor = ({ data, shape, dtype }: EncodedTensor): Tensor => tensor(data, shape, dtype);

const isEncodedTensor = (value: unknown): value is EncodedTensor =>
  typeof value === 'object' &&
  value !== null &&
  (value as Partial<EncodedTensor>).kind === 'tensor';

/**
 * Decodes options, over those that the model was loaded with.
 * @param loaded which of the model's go along
 */
export function decodeOptions(
  options: EncodedOptions,
  loaded: Partial<Omit<LoadedModel, 'model' | 'dispose'>>,
): Decoded<object> {
  const tensors: Tensor[] = [];
  const decoded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(loaded)) {
    if (value !== undefined) decoded[name] = value;
  }
  for (const [name, value] of Object.entries(options)) {
    if (name === 'preprocess') decoded[name] = decodePreset(value as EncodedPreset);
    else if (isEncodedTensor(value)) tensors.push((decoded[name] = decodeTensor(value)));
    else decoded[name] = value;
  }
  return {
    value: decoded,
    dispose() {
      tensors.forEach((made) => made.dispose());
    },
  };
}

function decodePreset(preset: EncodedPreset): Preprocessing {
  if ('options' in preset) return createPreprocessing(preset.options);
  const { name } = preset;
  checkChoice('preprocess', name, Object.keys(presets) as PresetName[]);
  return presets[name];
}

/** Reads a result and frees it; copied, because cpu and webgl return the memory they compute in. */
export async function encodeResult(result: Tensor): Promise<ArrayTensor> {
  try {
    return { data: (await result.data<'float32'>()).slice(), shape: result.shape };
  } finally {
    result.dispose();
  }
}
