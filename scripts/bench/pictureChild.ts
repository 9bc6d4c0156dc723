/** One child process: from its start to the picture of one method. */
import { measurePicture } from './picture.js';
import type { PictureJob } from './job.js';

process.send!(await measurePicture(JSON.parse(process.argv[2]!) as PictureJob));
process.disconnect();
