/** Options as they cross. */
import { checkBag, isBag, isTensor, wrongType } from '../checks.js';
import type { PreprocessingPreset } from '../preprocessing/preprocessing.js';
import { encodeTensor } from './encodeInput.js';
import type { EncodedOptions } from './protocol.js';

/** How a preset crosses. */
export type EncodedPreset =
  { readonly name: string } | { readonly options: PreprocessingPreset['options'] };

/** These stay on the caller's side. */
const STAY = ['onProgress', 'signal', 'reliabilityOf'];

/**
 * Encodes what crosses of the options.
 * @throws TypeError for what cannot cross
 */
export async function encodeOptions(options: unknown): Promise<EncodedOptions> {
  checkBag('options', options);
  const encoded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (STAY.includes(name) || value === undefined) continue;
    if (name === 'preprocess') encoded[name] = encodePreset(value);
    else if (typeof value === 'function') throw cannotCross(name, 'data', value);
    else encoded[name] = isTensor(value) ? (await encodeTensor(name, value)).input : value;
  }
  return encoded;
}

function encodePreset(preset: unknown): EncodedPreset {
  if (typeof preset === 'string') return { name: preset };
  const { options } = (preset ?? {}) as Partial<PreprocessingPreset>;
  if (isBag(options)) return { options: options as PreprocessingPreset['options'] };
  throw cannotCross('preprocess', "a preset, its name, or one of createPreprocessing's", preset);
}

function cannotCross(name: string, expected: string, value: unknown): TypeError {
  return wrongType(
    name,
    `${expected}, which alone can be sent to a worker`,
    value,
    `let load return your own beside the model, { model, ${name} }`,
  );
}
