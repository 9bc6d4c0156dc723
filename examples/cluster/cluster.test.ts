// Oracles: the single-machine run of examples/batch on the same photos; and what has to be there
// after workers, Redis and disks failed.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import S3rver from 's3rver';
import sharp from 'sharp';
import { parse } from 'yaml';
import '../../test/backends.js';
import { batch } from '../batch/batch.js';
import { parseLines } from '../batch/table.js';
import { useWasm } from '../shared/backend.js';
import { startWorker } from '../shared/startWorker.js';
import { runHere } from '../testing/runHere.js';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import { writeModel } from '../testing/writeModel.js';
import { enqueuePhotos } from './enqueuePhotos.js';
import { readPhoto } from './photos.js';
import { withQueue } from './queue.js';
import { openStorage } from './storage.js';
import { tellStatus } from './tellStatus.js';
import { startRedis } from './testing/redis.js';
import type { TestRedis } from './testing/redis.js';
import { PhotoError, work } from './work.js';
import type { WorkOptions } from './work.js';

const folder = temporaryFolder();
const at = (...names: string[]) => path.join(folder, ...names);
const PHOTOS = 200;

let redis: TestRedis;
const children: ChildProcess[] = [];

beforeAll(async () => {
  redis = await startRedis(folder);
  await useWasm();
  const model = sequential({
    layers: [layers.flatten({ inputShape: [8, 8, 3] }), layers.dense({ units: 2, useBias: false })],
  });
  const weights = Float32Array.from({ length: 2 * 192 }, (_, i) => Math.sin(i) / 96);
  model.setWeights([tensor(weights, [192, 2])]);
  await writeModel(model, at('model'));
  mkdirSync(at('deadly'));
  for (const name of ['a.png', 'poison.png', 'z.png']) writeFileSync(at('deadly', name), name);
  mkdirSync(at('photos'));
  for (let i = 0; i < PHOTOS; i++) {
    const pixels = Uint8Array.from({ length: 16 * 16 * 3 }, (_, k) => (k * (i + 3) + i) % 256);
    await sharp(pixels, { raw: { width: 16, height: 16, channels: 3 } }).toFile(
      at('photos', `${String(i).padStart(3, '0')}.png`),
    );
  }
});

afterAll(async () => {
  children.forEach((child) => child.kill('SIGKILL'));
  await redis?.stop();
});

function start(script: string, ...args: string[]): ChildProcess {
  const file = path.join(__dirname, script);
  const flags = ['--import', 'tsx', file, ...args];
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  return child;
}

const flags = ['--preset', 'unit', '--method', 'vanillaGradient'];
const modelFlags = () => ['--model', at('model'), ...flags];

const enqueue = (database: number, ...args: string[]) =>
  runHere('enqueue', enqueuePhotos, ['--queue', redis.url(database), ...args]);
const status = (database: number, ...args: string[]) =>
  runHere('status', tellStatus, ['--queue', redis.url(database), '--seconds', '0.1', ...args]);

const counts = (database: number) =>
  withQueue(redis.url(database), (queue) => queue.getJobCounts());

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
}

const rowsOf = (file: string): Record<string, string>[] => {
  const [header, ...lines] = parseLines(readFileSync(file, 'utf8'));
  return lines.map((cells) => Object.fromEntries(cells.map((cell, i) => [header![i]!, cell])));
};

test('three workers, one of which is killed, and Redis too: all as on one machine', async () => {
  const all = ['--in', at('photos'), ...modelFlags()];
  expect((await enqueue(0, ...all)).stdout).toBe('200 photos, 200 of them new in the queue\n');
  expect((await enqueue(0, ...all)).stdout).toBe('200 photos, 0 of them new in the queue\n');
  const args = ['--queue', redis.url(0), '--out', at('out'), '--workers', '1', '--lease', '2'];
  const workers = [0, 1, 2].map(() => start('worker.ts', ...args, '--until-empty'));
  const done = async () => (await counts(0)).completed!;
  await until(async () => (await done()) >= 30);
  workers[0]!.kill('SIGKILL');
  await until(async () => (await done()) >= 90);
  const told = jest.spyOn(console, 'error').mockImplementation();
  await redis.restart();
  expect(await done()).toBeGreaterThanOrEqual(90);
  told.mockRestore();
  const exits = workers.slice(1).map((worker) => once(worker, 'exit'));
  expect(await Promise.all(exits)).toEqual([
    [0, null],
    [0, null],
  ]);
  expect(await counts(0)).toMatchObject({ completed: PHOTOS, failed: 0, waiting: 0, active: 0 });
  await status(0, '--table', at('cluster.csv'), '--out', at('out'));
  expect((await status(0)).stdout).toBe(
    '200 done, 0 failed, 0 left (0 under way)\nnothing left to do\n',
  );

  const thread = pathToFileURL(path.join(__dirname, '../batch/worker.ts'));
  const single = ['--in', at('photos'), '--out', at('single'), ...modelFlags(), '--workers', '1'];
  const { stderr } = await runHere(
    'batch',
    (given) => batch(given, () => startWorker(thread)),
    single,
  );
  expect(stderr).toBe('');
  const bySingle = new Map(rowsOf(at('single', 'scores.csv')).map((row) => [row.photo, row]));
  const rows = rowsOf(at('cluster.csv'));
  expect(rows).toHaveLength(PHOTOS);
  for (const { photo, picture, ...row } of rows) {
    const { picture: other, ...expected } = bySingle.get(path.basename(photo!))!;
    expect({ photo: path.basename(photo!), ...row }).toEqual(expected);
    expect(readFileSync(at('out', picture!))).toEqual(readFileSync(at('single', other!)));
  }
  // A picture and a row for each, and nothing that is half-written.
  expect(readdirSync(at('out')).filter((name) => !/^[0-9a-f]{32}\.(png|json)$/.test(name))).toEqual(
    [],
  );
  expect(readdirSync(at('out'))).toHaveLength(2 * PHOTOS);
});

test('a photo that kills its worker three times is failed, and the rest is done', async () => {
  await enqueue(1, '--in', at('deadly'), ...modelFlags());
  let deaths = 0;
  for (;;) {
    const [code] = (await once(
      start('testing/deadly.ts', redis.url(1), at('survived')),
      'exit',
    )) as [number | null];
    if (code !== null) break;
    deaths++;
  }
  expect(deaths).toBe(3);
  expect((await status(1)).stdout).toMatch(
    /^2 done, 1 failed, 0 left \(0 under way\)\nnothing left to do\n {2}.*poison\.png: its worker died 3 times \(.*\)\n$/,
  );
});

/** A worker in this process, whose maps are the photos' lengths. */
function workHere(database: number, more: Partial<WorkOptions>): Promise<{ done: number }> {
  return work({
    queue: redis.url(database),
    storage: openStorage(at('here')),
    explain: (_, __, bytes) =>
      Promise.resolve({ row: { score: String(bytes.length) }, picture: bytes }),
    readPhoto,
    lease: 5,
    concurrency: 2,
    untilEmpty: true,
    signal: new AbortController().signal,
    ...more,
  });
}

test('a full disk stops a worker in one line; the photo is done by another', async () => {
  await enqueue(2, '--in', at('deadly'), ...modelFlags());
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
  });
  const storage = { ...openStorage(at('full')), write: () => Promise.reject(full) };
  await expect(workHere(2, { storage })).rejects.toThrow(
    'stopped: ENOSPC: no space left on device, write',
  );
  expect(await counts(2)).toMatchObject({ completed: 0, failed: 0 });
  expect((await workHere(2, {})).done).toBe(3);
  expect(await counts(2)).toMatchObject({ completed: 3, failed: 0 });
});

test('a broken photo fails with its reason; the same content has one result', async () => {
  mkdirSync(at('mixed'));
  for (const name of ['a.png', 'b.png', 'c.png'])
    writeFileSync(at('mixed', name), name === 'c.png' ? 'broken' : 'the same');
  await enqueue(3, '--in', at('mixed'), ...modelFlags());
  let calls = 0;
  await workHere(3, {
    storage: openStorage(at('once')),
    concurrency: 1,
    explain: (_, photo, bytes) => {
      if (photo.endsWith('c.png')) throw new PhotoError(`${photo}: not an image`);
      calls++;
      return Promise.resolve({ row: { score: '1' }, picture: bytes });
    },
  });
  expect(calls).toBe(1);
  expect(readdirSync(at('once'))).toHaveLength(2);
  await status(3, '--table', at('mixed.csv'), '--out', at('once'));
  expect(rowsOf(at('mixed.csv')).map(({ score, error }) => [score, error])).toEqual([
    ['1', ''],
    ['1', ''],
    ['', `${at('mixed', 'c.png')}: not an image`],
  ]);
});

test('photos come from S3 and from a list, and results go to S3', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' });
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: at('s3'),
    configureBuckets: [{ name: 'photos', configs: [] }],
  });
  const { port } = await server.run();
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    const source = openStorage('s3://photos/in', endpoint);
    for (const name of ['a.png', 'b.png', 'notes.txt']) await source.write(name, name);
    writeFileSync(at('list.txt'), `s3://photos/in/a.png\n\n${at('deadly', 'z.png')}\n`);
    const s3 = ['--in', 's3://photos/in', '--endpoint', endpoint, ...modelFlags()];
    expect((await enqueue(4, ...s3)).stdout).toBe('2 photos, 2 of them new in the queue\n');
    const list = ['--in', at('list.txt'), ...modelFlags()];
    expect((await enqueue(4, ...list)).stdout).toBe('2 photos, 1 of them new in the queue\n');
    await workHere(4, {
      storage: openStorage('s3://photos/out', endpoint),
      readPhoto: (photo) => readPhoto(photo, endpoint),
    });
    const out = ['--out', 's3://photos/out', '--endpoint', endpoint];
    await status(4, '--table', at('s3.csv'), ...out);
    expect(rowsOf(at('s3.csv')).map(({ photo, score }) => [path.basename(photo!), score])).toEqual([
      ['z.png', '5'],
      ['a.png', '5'],
      ['b.png', '5'],
    ]);
  } finally {
    await server.close();
  }
});

test('the files for Docker, Kubernetes and Slurm say what the worker takes', () => {
  const read = (name: string) => readFileSync(path.join(__dirname, name), 'utf8');
  const job = parse(read('job.yaml')) as {
    kind: string;
    spec: { template: { spec: { containers: { args: string[] }[] } } };
  };
  expect(job.kind).toBe('Job');
  const { args } = job.spec.template.spec.containers[0]!;
  const given = args.map((arg) => arg.split('=')[0]!);
  const slurm = read('slurm.sh');
  expect(spawnSync('bash', ['-n', path.join(__dirname, 'slurm.sh')]).status).toBe(0);
  const known = read('worker.ts');
  for (const flag of [...given, ...slurm.match(/ --(queue|out|workers|until-empty)/g)!])
    expect(known).toContain(`  ${flag.trim()}`);
  const copied = [...read('Dockerfile').matchAll(/^COPY (.*) \S+$/gm)].flatMap(([, files]) =>
    files!.split(' '),
  );
  const root = path.join(__dirname, '../..');
  expect(copied.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test('wrong flags are told in one line', async () => {
  expect((await enqueue(5, '--in', at('none'))).stderr).toBe(
    `enqueue: ${at('none')}: no such folder or list\n`,
  );
  expect((await enqueue(5, '--in', at('deadly'), '--method', 'gradCan')).stderr).toMatch(
    /^enqueue: .*gradCan.*\n$/,
  );
  const wrong = ['--queue', 'localhost'];
  expect((await runHere('status', tellStatus, wrong)).stderr).toBe(
    "status: --queue must be redis://HOST:PORT or rediss://..., got 'localhost'\n",
  );
});
