/** The options of methods that show a transformer's attention. */
import type { OptionsOf } from '../options.js';
import type { AttributionOptions } from './attributionOptions.js';
import { camOptions } from './cam/defineCam.js';

export const attentionOptions = { upsample: camOptions.upsample };

/**
 * Options of {@link attentionRollout} and {@link attentionRelevance}.
 *
 * @interface
 */
export type AttentionOptions = OptionsOf<typeof attentionOptions> & AttributionOptions;
