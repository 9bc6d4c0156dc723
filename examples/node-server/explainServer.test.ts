// Oracles: a model that sees the left half only; HTTP's status codes; and the count of its passes.
import { once } from 'node:events';
import { request } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { createPreprocessing, unit } from 'tfjs-saliency';
import { setTimeout as sleep } from 'node:timers/promises';
import '../../test/backends.js';
import { useWasm } from '../shared/backend.js';
import { explainServer } from './explainServer.js';

let photo: Buffer;
let weights: tf.Tensor2D;
let passes = 0;
const servers: Server[] = [];
const preprocess = createPreprocessing({ ...unit.options, inputSize: [16, 16] });

/** Of each half of the columns, the square of its mean. */
const model = (x: tf.Tensor): tf.Tensor => {
  passes++;
  return tf.square(tf.matMul(tf.reshape(x, [-1, 16 * 16 * 3]), weights));
};

beforeAll(async () => {
  await useWasm();
  weights = tf.tensor2d(
    Array.from({ length: 16 * 16 * 3 }, (_, i) => {
      const isLeft = Math.floor(i / 3) % 16 < 8;
      return [isLeft ? 1 / 384 : 0, isLeft ? 0 : 1 / 384];
    }),
  );
  photo = await sharp(Buffer.alloc(32 * 32 * 3, 128), {
    raw: { width: 32, height: 32, channels: 3 },
  })
    .png()
    .toBuffer();
});

afterAll(() => {
  servers.forEach((server) => {
    server.closeAllConnections();
    server.close();
  });
});

async function listen(options: object = {}): Promise<string> {
  const server = explainServer({ model, preprocess, ...options }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const post = (address: string, body: Buffer | string = photo, query = '?class=0') =>
  fetch(`${address}/explain${query}`, { method: 'POST', body: body as never });

test('a photo is answered with its picture, lit where the class looks; no tensor is left', async () => {
  const address = await listen();
  const before = tf.memory().numTensors;
  const response = await post(address);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
  const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([32, 32]);
  // The photo is gray: where it has become coloured is the map.
  const coloured = [0, 0];
  for (let i = 0; i < data.length; i += 3) {
    const spread = Math.abs(data[i]! - data[i + 2]!);
    coloured[(i / 3) % 32 < 16 ? 0 : 1]! += spread;
  }
  expect(coloured[0]).toBeGreaterThan(4 * coloured[1]!);
  expect(tf.memory().numTensors).toBe(before);
});

test('what is wrong is told in one line', async () => {
  const address = await listen({ maxBytes: 1000 });
  const told = async (response: Response) => [response.status, await response.text()];
  expect(await told(await post(address, 'no photo'))).toEqual([
    415,
    'the body is no photo that can be read\n',
  ]);
  expect(await told(await post(address, Buffer.alloc(2000)))).toEqual([
    413,
    'the photo has more than 1000 bytes\n',
  ]);
  expect(await told(await post(address, photo, '?class=bowl'))).toEqual([
    400,
    "class must be an index, got 'bowl'\n",
  ]);
  expect((await post(address, photo, '?class=7')).status).toBe(400);
  expect((await fetch(address)).status).toBe(404);
});

test('a few photos wait, more are turned away, and who leaves ends its run', async () => {
  const address = await listen({ waiting: 1, samples: 100_000 });
  const leaving = [new AbortController(), new AbortController()];
  const sent = leaving.map(({ signal }) =>
    fetch(`${address}/explain?class=0`, { method: 'POST', body: photo as never, signal }).catch(
      (error: Error) => error.name,
    ),
  );
  passes = 0;
  while (passes === 0) await sleep(10);
  const response = await post(address);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  leaving.forEach((each) => {
    each.abort();
  });
  expect(await Promise.all(sent)).toEqual(['AbortError', 'AbortError']);
  // Both runs have ended when the count of passes stands still.
  let before: number;
  do {
    before = passes;
    await sleep(200);
  } while (passes !== before);
  expect(passes).toBeLessThan(100_000);
});

test('a photo whose turn has not come is not read', async () => {
  const address = await listen({ waiting: 1, samples: 100_000 });
  const running = post(address).catch(() => undefined);
  const { hostname, port } = new URL(address);
  passes = 0;
  while (passes === 0) await sleep(10);
  const slow = request({ hostname, port, path: '/explain', method: 'POST' });
  slow.on('error', () => undefined);
  // More than the buffers of both ends take.
  for (let sent = 0; sent < 60; sent++) slow.write(Buffer.alloc(1_000_000));
  await sleep(500);
  expect(slow.writableLength).toBeGreaterThan(20_000_000);
  slow.destroy();
  servers.at(-1)!.closeAllConnections();
  await running;
});
