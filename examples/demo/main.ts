/** `npm run demo`: which pixels a trained classifier looks at in a photo, as PNG files. */
import { run } from '../shared/run.js';
import { demo } from './demo.js';

await run('demo', () => demo(process.argv.slice(2)));
