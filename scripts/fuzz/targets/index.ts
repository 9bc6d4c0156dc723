/** The list of targets: another one is one file, and one line here. */
import type { Target } from '../target.js';
import { images } from './images.js';
import { labels } from './labels.js';
import { messages } from './messages.js';
import { models } from './models.js';
import { options } from './options.js';
import { settings } from './settings.js';

export const TARGETS: readonly Target[] = [models, images, labels, settings, messages, options];
