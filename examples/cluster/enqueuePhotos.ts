/** Puts photos into the queue. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readFlags } from '../batch/flags.js';
import { required } from '../shared/flags.js';
import { photosIn } from './photos.js';
import { idOf, withQueue } from './queue.js';
import type { PhotoJob } from './queue.js';

const usage = `Usage: npx tsx examples/cluster/enqueue.ts --in PHOTOS --queue redis://HOST:PORT [options]

Puts photos into a queue, from which workers on any number of machines take them. Done again, it adds only what is new.

  --in PHOTOS        a folder, a file with a path or URL per line, or s3://BUCKET/PREFIX
  --queue URL        Redis
  --endpoint URL     of S3-compatible storage that is not Amazon's own
  and how to explain them: --model, --preset, --labels, --output, --class, --method, --layer, --samples, --noise, --seed,
  --picture, --view, --blur, as in examples/batch
`;

/** Adding one by one would wait for Redis each time. */
const AT_ONCE = 1000;

/** These are not the results' business. */
const OWN = {
  in: { type: 'string' },
  queue: { type: 'string' },
  endpoint: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export async function enqueuePhotos(args: string[]): Promise<void> {
  const { values, tokens } = parseArgs({ args, options: OWN, strict: false, tokens: true });
  if (values.help === true) {
    process.stdout.write(usage);
    return;
  }
  const [location, url] = [values.in, values.queue].map((value, i) =>
    required(['in', 'queue'][i]!, value as string | undefined),
  );
  const endpoint = values.endpoint as string | undefined;
  const own = new Set(
    tokens.flatMap((token) => {
      if (token.kind !== 'option' || !(token.name in OWN)) return [];
      return token.inlineValue === false ? [token.index, token.index + 1] : [token.index];
    }),
  );
  const flags = absolute(args.filter((_, i) => !own.has(i)));
  readFlags([...flags, '--in', location!, '--out', '.']); // wrong flags fail here, not in workers

  await withQueue(url!, async (queue) => {
    let count = 0;
    let jobs: PhotoJob[] = [];
    const before = await totalOf(queue);
    const flush = async (): Promise<void> => {
      await queue.addBulk(
        jobs.map((data) => ({
          name: 'photo',
          data,
          opts: { jobId: idOf(data), attempts: 3, backoff: { type: 'exponential', delay: 1000 } },
        })),
      );
      jobs = [];
    };
    for await (const photo of photosIn(location!, endpoint)) {
      jobs.push({ photo, flags });
      count++;
      if (jobs.length === AT_ONCE) await flush();
    }
    await flush();
    console.log(`${count} photos, ${(await totalOf(queue)) - before} of them new in the queue`);
  });
}

async function totalOf(queue: {
  getJobCounts(): Promise<Record<string, number>>;
}): Promise<number> {
  return Object.values(await queue.getJobCounts()).reduce((total, count) => total + count, 0);
}

/** Workers may run in another folder. */
function absolute(flags: readonly string[]): string[] {
  return flags.map((flag, i) => {
    const isFile = ['--model', '--labels'].includes(flags[i - 1] ?? '') && !/^\w+:\/\//.test(flag);
    return isFile ? path.resolve(flag) : flag;
  });
}
