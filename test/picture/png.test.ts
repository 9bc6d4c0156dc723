import * as tf from '@tensorflow/tfjs-core';
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { encodePNG } from '../../src/picture/png';
import { describeOnEachBackend } from '../backends';
import { exactly } from './exactly';

/**
 * The picture that libvips (through sharp), which knows nothing of this library, reads from a PNG
 * file.
 */
async function decode(png: Uint8Array): Promise<tf.Tensor3D> {
  const { data, info } = await sharp(png, { failOn: 'warning' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return tf.tensor3d(Int32Array.from(data), [info.height, info.width, info.channels], 'int32');
}

/** Numbers of the filters of the rows, as the decompressed data have them, by PNG's own layout. */
function filtersOf(png: Uint8Array, width: number): Set<number> {
  const view = new DataView(png.buffer);
  const rows = inflateSync(png.subarray(41, 41 + view.getUint32(33)));
  return new Set(rows.filter((_, i) => i % (3 * width + 1) === 0));
}

describeOnEachBackend('encodePNG', () => {
  test.each([
    [1, 1],
    [1, 300],
    [300, 1],
    [37, 53],
  ])('noise of %i x %i comes back to the bit', async (height, width) => {
    const picture = tf.randomUniformInt([height, width, 3], 0, 256, 31);
    expect((await decode(await encodePNG(picture))).arraySync()).toEqual(picture.arraySync());
  });

  test('a smooth picture comes back to the bit, small, as differences of rows', async () => {
    const [height, width] = [200, 64];
    const rows = tf.reshape(tf.range(0, height, 1, 'int32'), [height, 1, 1]);
    const noise = tf.randomUniformInt([1, width, 3], 0, 56, 32);
    const picture = tf.add(rows, noise);
    const png = await encodePNG(picture);
    expect((await decode(png)).arraySync()).toEqual(picture.arraySync());
    expect(filtersOf(png, width)).toEqual(new Set([2]));
    expect(png.length).toBeLessThan((height * width * 3) / 50);
  });

  test('a sparse map comes back to the bit, not as differences, which would double what it holds', async () => {
    const [height, width] = [100, 100];
    const hot = tf.less(tf.randomUniform([height, width, 1], 0, 1, 'float32', 33), 0.05);
    const picture = tf.mul(
      tf.cast(hot, 'int32'),
      tf.randomUniformInt([height, width, 3], 0, 256, 34),
    );
    const png = await encodePNG(picture);
    expect((await decode(png)).arraySync()).toEqual(picture.arraySync());
    expect(filtersOf(png, width)).toEqual(new Set([0]));
  });

  test('float pictures are rounded', async () => {
    const picture = await decode(await encodePNG(tf.tensor3d([0.4, 0.6, 254.7], [1, 1, 3])));
    expect(Array.from(picture.dataSync())).toEqual([0, 1, 255]);
  });

  test('no tensor is made', async () => {
    const picture = tf.zeros([2, 2, 3]);
    const before = tf.memory().numTensors;
    await encodePNG(picture);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('encodePNG without CompressionStream, as in jsdom', () => {
  const { CompressionStream: Compression, Blob: Bytes, Response: Answer } = globalThis;
  beforeAll(() => {
    for (const name of ['CompressionStream', 'Blob', 'Response'])
      Reflect.deleteProperty(globalThis, name);
  });
  afterAll(() => {
    Object.assign(globalThis, { CompressionStream: Compression, Blob: Bytes, Response: Answer });
  });

  // 150 x 150 pixels fill two of zlib's stored blocks.
  test.each([
    [1, 1],
    [37, 53],
    [150, 150],
  ])('noise of %i x %i comes back to the bit', async (height, width) => {
    expect(typeof CompressionStream).toBe('undefined');
    const picture = tf.randomUniformInt([height, width, 3], 0, 256, 35);
    const png = await encodePNG(picture);
    expect((await decode(png)).arraySync()).toEqual(picture.arraySync());
    expect(png.length).toBeGreaterThan(height * width * 3);
  });
});

test('encodePNG: what is no picture', async () => {
  await expect(encodePNG(tf.zeros([2, 2, 4]))).rejects.toThrow(
    exactly(
      new RangeError(
        'encodePNG: picture must be an RGB picture of shape [h, w, 3] with no size 0, got a tensor of shape [2, 2, 4]',
      ),
    ),
  );
  await expect(encodePNG(tf.fill([1, 1, 3], -1))).rejects.toThrow(
    exactly(new RangeError('encodePNG: picture must be RGB values from 0 to 255, got -1')),
  );
  await expect(encodePNG(undefined as unknown as tf.Tensor)).rejects.toThrow(
    exactly(new TypeError('encodePNG: picture must be a tensor, got undefined')),
  );
});
