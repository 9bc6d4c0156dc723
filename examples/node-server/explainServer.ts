/**
 * An HTTP endpoint that explains photos: `POST /explain?class=3` with an image as its body answers
 * with a PNG. One photo is computed at a time; a few wait, and more are turned away at once.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { dispose, tidy } from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { aggregateChannels, blur, encodePNG, overlay, smoothGradAsync } from 'tfjs-saliency';
import type { Model, PreprocessingPreset } from 'tfjs-saliency';

export interface ServerOptions {
  readonly model: Model;
  readonly preprocess: PreprocessingPreset;
  /** How many photos may wait for their turn. */
  readonly waiting?: number;
  readonly maxBytes?: number;
  readonly samples?: number;
}

/** An answer that is no picture. */
class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export function explainServer({
  model,
  preprocess,
  waiting = 8,
  maxBytes = 20_000_000,
  samples = 20,
}: ServerOptions): Server {
  let turns: Promise<unknown> = Promise.resolve();
  let queued = 0;

  /** Runs works one after another, in the order of their coming. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turns.then(work);
    turns = result.catch(() => undefined);
    return result;
  }

  async function explain(request: IncomingMessage, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    // Only now is the photo read: until its turn it waits in the network, not in memory.
    const photo = await readPhoto(await readBody(request, maxBytes));
    const options = { preprocess, samples, seed: 1, signal };
    const gradient = await smoothGradAsync(model, photo, classOf(request), options).catch(
      (error: unknown) => {
        const isClass = error instanceof RangeError && /: classIndex /.test(error.message);
        throw isClass ? new HttpError(400, error.message) : error;
      },
    );
    const picture = tidy(() => overlay(photo, blur(aggregateChannels(gradient))));
    dispose(gradient);
    return encodePNG(picture).finally(() => {
      dispose(picture);
    });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || pathOf(request) !== '/explain')
      throw new HttpError(404, 'POST /explain?class=INDEX with a photo as the body');
    if (queued > waiting) throw new HttpError(503, 'too many photos are waiting');
    const leaving = new AbortController();
    response.once('close', () => {
      leaving.abort();
    });
    queued++;
    try {
      const png = await inTurn(() => explain(request, leaving.signal));
      response.setHeader('Content-Type', 'image/png').end(png);
    } finally {
      queued--;
    }
  }

  return createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.destroyed) return; // nobody waits any more
      const status = error instanceof HttpError ? error.status : 500;
      if (status === 500) console.error(error);
      if (status === 503) response.setHeader('Retry-After', '5');
      // What was not read is not waited for.
      response.setHeader('Connection', 'close');
      response.writeHead(status, { 'Content-Type': 'text/plain' });
      response.end(`${status === 500 ? 'the server failed' : (error as Error).message}\n`);
    });
  });
}

const pathOf = ({ url }: IncomingMessage): string => new URL(url ?? '/', 'http://host').pathname;

function classOf({ url }: IncomingMessage): number | 'argmax' {
  const text = new URL(url ?? '/', 'http://host').searchParams.get('class');
  if (text === null) return 'argmax';
  if (!/^\d{1,6}$/.test(text)) throw new HttpError(400, `class must be an index, got '${text}'`);
  return Number(text);
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw new HttpError(413, `the photo has more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function readPhoto(bytes: Buffer) {
  try {
    const image = sharp(bytes, { limitInputPixels: 50_000_000 }).rotate();
    const { data, info } = await image
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
  } catch {
    throw new HttpError(415, 'the body is no photo that can be read');
  }
}
