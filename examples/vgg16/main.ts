/**
 * The article's experiment on VGG16, from Keras's weights and a photo to its figures as PNG files.
 */
import { run } from '../shared/run.js';
import { vgg16 } from './vgg16.js';

await run('vgg16', () => vgg16(process.argv.slice(2)));
