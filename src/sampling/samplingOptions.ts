/** The options of sampling methods. */
import { checkPositiveInteger, outOfRange } from '../checks.js';
import { option } from '../options.js';
import type { Option } from '../options.js';
import { SAMPLES } from '../seed.js';
import { baselineOptions } from '../method/baseline.js';

function checkSamples(argument: string, samples: unknown): asserts samples is number {
  checkPositiveInteger(argument, samples);
  if (samples > SAMPLES) throw outOfRange(argument, `at most ${SAMPLES}`, samples);
}

/** Makes the options that every sampling method has; `samples` is its default number of them. */
export const samplingOptions = (samples: number) => ({
  ...baselineOptions,
  /** How many samples. */
  samples: option<number>(checkSamples, samples) as Option<number>,
});
