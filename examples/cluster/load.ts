/**
 * What the queue itself costs: photos that nothing is computed of.
 *
 * `npx tsx examples/cluster/load.ts redis://HOST:PORT/1 [PHOTOS]`, with a database of its own.
 */
import { run } from '../shared/run.js';
import { idOf, withQueue } from './queue.js';
import { work } from './work.js';

const [url = '', photos = '5000'] = process.argv.slice(2);
const count = Number(photos);

async function main(): Promise<void> {
  const written = new Map<string, Uint8Array | string>();
  const start = performance.now();
  await withQueue(url, async (queue) => {
    await queue.obliterate({ force: true });
    const jobs = Array.from({ length: count }, (_, i) => ({ photo: `${i}.png`, flags: [] }));
    await queue.addBulk(
      jobs.map((data) => ({ name: 'photo', data, opts: { jobId: idOf(data), attempts: 3 } })),
    );
  });
  const enqueued = performance.now();
  await work({
    queue: url,
    storage: {
      has: (name) => Promise.resolve(written.has(name)),
      read: (name) => Promise.resolve(Buffer.from(written.get(name)!)),
      write: (name, content) => {
        written.set(name, content);
        return Promise.resolve();
      },
    },
    explain: (_, photo) => Promise.resolve({ row: { class: photo }, picture: Buffer.from(photo) }),
    readPhoto: (photo) => Promise.resolve(Buffer.from(photo)),
    lease: 30,
    concurrency: 2,
    untilEmpty: true,
    signal: new AbortController().signal,
  });
  const perPhoto = (from: number, to: number): string => ((to - from) / count).toFixed(2);
  console.log(`${count} photos: enqueueing ${perPhoto(start, enqueued)} ms each`);
  console.log(`taking, noting and ending ${perPhoto(enqueued, performance.now())} ms each`);
}

await run('load', main);
