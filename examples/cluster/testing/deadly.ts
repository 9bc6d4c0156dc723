/** A worker that dies of the photo 'poison.png': `deadly.ts REDIS_URL OUT`. */
import { readFile } from 'node:fs/promises';
import { openStorage } from '../storage.js';
import { work } from '../work.js';

const [url, out] = process.argv.slice(2) as [string, string];

await work({
  queue: url,
  storage: openStorage(out),
  explain: (_, photo, bytes) => {
    if (photo.endsWith('poison.png')) process.kill(process.pid, 'SIGKILL');
    return Promise.resolve({ row: { score: String(bytes.length) }, picture: bytes });
  },
  readPhoto: (photo) => readFile(photo),
  lease: 1,
  concurrency: 1,
  untilEmpty: true,
  signal: new AbortController().signal,
});
