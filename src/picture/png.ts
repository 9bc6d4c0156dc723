import type { Tensor } from '@tensorflow/tfjs-core';
import { inFunction } from '../inFunction.js';
import type { PlainTensor } from '../plainTensor.js';
import { bytesOfAsync, checkPicture } from './bytes.js';
import { concatenate, deflate } from './deflate.js';

const signature = /* @__PURE__ */ Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** PNG's numbers of the filters used here. */
const filters = { none: 0, up: 2 } as const;

/**
 * Encodes a picture as the bytes of a PNG file, 8-bit RGB.
 *
 * Save them, or put them into a Blob. Works in Node and in browsers alike; without their
 * CompressionStream (before Chrome 80, Firefox 113 and Safari 16.4, and in jsdom) the file is not
 * compressed.
 *
 * Format: PNG (W3C, third edition), one IDAT chunk.
 *
 * @param picture - `[h, w, 3]`, values in 0..255; a tensor or `{ data, shape }`; keep it until the
 * promise is settled
 * @throws TypeError or RangeError (as a rejection) if the picture is none.
 */
export function encodePNG(picture: Tensor | PlainTensor): Promise<Uint8Array<ArrayBuffer>> {
  return inFunction('encodePNG', async () => {
    checkPicture('picture', picture);
    const [height, width] = picture.shape as [number, number, 3];
    const pixels = await bytesOfAsync('picture', picture);
    // Photos shrink by a third as differences of rows, noise-like maps are smaller without: the
    // smaller one is kept.
    const plain = await deflate(filterRows(pixels, 3 * width, filters.none));
    const differences = await deflate(filterRows(pixels, 3 * width, filters.up));
    return concatenate([
      signature,
      chunk('IHDR', header(width, height)),
      chunk('IDAT', plain.length < differences.length ? plain : differences),
      chunk('IEND', new Uint8Array(0)),
    ]);
  });
}

function header(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  bytes.set([8, 2], 8); // 8 bits a channel, RGB; the rest, 0: deflate, filters, not interlaced
  return bytes;
}

/** Filters rows, and puts the filter's number first; `up` is the difference to the row above. */
function filterRows(
  pixels: Uint8ClampedArray,
  rowLength: number,
  filter: number,
): Uint8Array<ArrayBuffer> {
  const rows = new Uint8Array(pixels.length + pixels.length / rowLength);
  let at = 0;
  for (let i = 0; i < pixels.length; i++) {
    if (i % rowLength === 0) rows[at++] = filter;
    const above = filter === filters.up && i >= rowLength ? pixels[i - rowLength]! : 0;
    rows[at++] = pixels[i]! - above;
  }
  return rows;
}

/** Joins the length of the data, type, data, and the checksum of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** Computes CRC-32 of ISO 3309 bit by bit, with the reflected polynomial 0xedb88320. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
