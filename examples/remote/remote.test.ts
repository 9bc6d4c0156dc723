// Oracle: the same classifier in this process, as a synchronous function.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { occlusion, rise } from 'tfjs-saliency';
import { remoteClassifier } from './remoteClassifier.js';

/** [r, 6, 6, 1] -> [r, 2]: how bright the upper and the lower half are. */
const classify = (x: tf.Tensor): tf.Tensor =>
  tf.tidy(() => {
    const halves = tf.split(x, 2, 1).map((half) => tf.reshape(tf.mean(half, [1, 2]), [-1, 1]));
    return tf.softmax(tf.concat(halves, 1));
  });

async function answer(request: IncomingMessage, response: ServerResponse): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { shape, data } = JSON.parse(Buffer.concat(chunks).toString()) as {
    shape: number[];
    data: number[];
  };
  const outputs = tf.tidy(() => classify(tf.tensor(data, shape)).arraySync());
  response.end(JSON.stringify({ outputs }));
  return shape[0]!;
}

describe('a remote classifier', () => {
  let server: Server;
  let url: string;
  /** The rows of each request that was answered. */
  let batches: number[];
  /** What is done with the next requests, instead of an answer. */
  let trouble: ((request: IncomingMessage, response: ServerResponse) => void)[];
  const image = (): tf.Tensor => tf.randomUniform([1, 6, 6, 1], 0, 3, 'float32', 1);

  beforeAll(async () => {
    await tf.setBackend('cpu');
    server = createServer((request, response) => {
      const first = trouble.shift();
      if (first) first(request, response);
      else void answer(request, response).then((rows) => batches.push(rows));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    batches = [];
    trouble = [];
  });

  test('is explained as if it were here, in batches', async () => {
    const x = image();
    for (const [method, options] of [
      [rise, { samples: 40, seed: 1 }],
      [occlusion, { window: 2 }],
    ] as const) {
      const map = await method.async(remoteClassifier(url), x, 'argmax', {
        ...options,
        batchSize: 16,
      });
      const expected = method(classify, x, 'argmax', options).dataSync();
      map.dataSync().forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 5);
      });
    }
    expect(Math.max(...batches)).toBe(16);
  });

  test('is asked again when it is busy, and given up after as many attempts', async () => {
    const busy = (_: unknown, response: ServerResponse): void => {
      response.writeHead(503).end();
    };
    const model = remoteClassifier(url, { attempts: 3, pause: 1 });
    trouble = [busy, busy];
    await expect(model(image(), { signal: undefined })).resolves.toHaveLength(1);
    trouble = [busy, busy, busy];
    await expect(rise.async(model, image(), 0, { samples: 2 })).rejects.toThrow(
      'the classifier answered 503 Service Unavailable',
    );
  });

  test('an abort ends the request that is under way', async () => {
    const controller = new AbortController();
    const closed = new Promise<void>((resolve) => {
      trouble = [
        (request) => {
          request.socket.on('close', () => {
            resolve();
          });
          controller.abort(new Error('enough'));
        },
      ];
    });
    const call = rise.async(remoteClassifier(url), image(), 0, { signal: controller.signal });
    await expect(call).rejects.toThrow('enough');
    await closed;
    expect(batches).toEqual([]);
  });
});
