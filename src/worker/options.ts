/** Options as they cross, and back. */
import { isBag, isTensor, wrongType } from '../arguments.js';
import type { PreprocessingPreset } from '../preprocessing/preprocessing.js';
import { readTensor } from './input.js';
import type { SentOptions } from './protocol.js';

/** How a preset crosses. */
export type SentPreset =
  { readonly name: string } | { readonly options: PreprocessingPreset['options'] };

/** These stay on the caller's side. */
const OWN = ['onProgress', 'signal'];

/** @throws TypeError for what cannot cross */
export async function readOptions(caller: string, options: unknown): Promise<SentOptions> {
  if (!isBag(options)) throw wrongType(caller, 'options', 'an object', options);
  const sent: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (OWN.includes(name) || value === undefined) continue;
    if (name === 'preprocess') sent[name] = readPreset(caller, value);
    else if (typeof value === 'function') throw cannotCross(caller, name, 'data', value);
    else sent[name] = isTensor(value) ? (await readTensor(caller, name, value)).input : value;
  }
  return sent;
}

function readPreset(caller: string, preset: unknown): SentPreset {
  if (typeof preset === 'string') return { name: preset };
  const { options } = (preset ?? {}) as Partial<PreprocessingPreset>;
  if (isBag(options)) return { options: options as PreprocessingPreset['options'] };
  throw cannotCross(
    caller,
    'preprocess',
    "a preset, its name, or one of createPreprocessing's",
    preset,
  );
}

function cannotCross(caller: string, name: string, expected: string, given: unknown): TypeError {
  const { message } = wrongType(
    caller,
    name,
    `${expected}, which alone can be sent to a worker`,
    given,
  );
  return new TypeError(`${message}; let load return your own beside the model, { model, ${name} }`);
}
