import type { Architecture, Builder, ConvOptions } from '../builder.js';

/** Keras's InceptionV3 normalizes without scale. Channels are a sixteenth of the published ones. */
function conv<T>(
  b: Builder<T>,
  x: T,
  filters: number,
  kernel: ConvOptions['kernel'],
  options: Partial<ConvOptions> = {},
): T {
  const y = b.conv(x, { filters: Math.max(1, filters / 16), kernel, ...options });
  return b.activate(b.batchNorm(y, { scale: false }), 'relu');
}

/** A chain of [filters, kernel]. */
const chain = <T>(b: Builder<T>, x: T, steps: [number, ConvOptions['kernel']][]): T =>
  steps.reduce((y, [filters, kernel]) => conv(b, y, filters, kernel), x);

const pooled = <T>(b: Builder<T>, x: T): T => b.pool(x, 'avg', { size: 3, stride: 1 });
const shrunk = <T>(b: Builder<T>, x: T): T =>
  b.pool(x, 'max', { size: 3, stride: 2, padding: 'valid' });
const REDUCE = { stride: 2, padding: 'valid' } as const;

function stem<T>(b: Builder<T>, image: T): T {
  const x = conv(b, conv(b, image, 32, 3, REDUCE), 32, 3, { padding: 'valid' });
  const y = shrunk(b, conv(b, x, 64, 3));
  return shrunk(b, conv(b, conv(b, y, 80, 1, { padding: 'valid' }), 192, 3, { padding: 'valid' }));
}

const fives = <T>(b: Builder<T>, x: T, pool: number): T =>
  b.concat([
    conv(b, x, 64, 1),
    chain(b, x, [
      [48, 1],
      [64, 5],
    ]),
    chain(b, x, [
      [64, 1],
      [96, 3],
      [96, 3],
    ]),
    conv(b, pooled(b, x), pool, 1),
  ]);

const sevens = <T>(b: Builder<T>, x: T, c: number): T =>
  b.concat([
    conv(b, x, 192, 1),
    chain(b, x, [
      [c, 1],
      [c, [1, 7]],
      [192, [7, 1]],
    ]),
    chain(b, x, [
      [c, 1],
      [c, [7, 1]],
      [c, [1, 7]],
      [c, [7, 1]],
      [192, [1, 7]],
    ]),
    conv(b, pooled(b, x), 192, 1),
  ]);

const forked = <T>(b: Builder<T>, x: T): T =>
  b.concat([conv(b, x, 384, [1, 3]), conv(b, x, 384, [3, 1])]);

const wide = <T>(b: Builder<T>, x: T): T =>
  b.concat([
    conv(b, x, 320, 1),
    forked(b, conv(b, x, 384, 1)),
    forked(
      b,
      chain(b, x, [
        [448, 1],
        [384, 3],
      ]),
    ),
    conv(b, pooled(b, x), 192, 1),
  ]);

/** InceptionV3 (Szegedy et al., 2015). */
export const inceptionV3: Architecture = {
  name: 'InceptionV3',
  size: 75,
  build(b, image) {
    let x = stem(b, image);
    for (const pool of [32, 64, 64]) x = fives(b, x, pool);
    x = b.concat([
      conv(b, x, 384, 3, REDUCE),
      conv(
        b,
        chain(b, x, [
          [64, 1],
          [96, 3],
        ]),
        96,
        3,
        REDUCE,
      ),
      shrunk(b, x),
    ]);
    for (const c of [128, 160, 160, 192]) x = sevens(b, x, c);
    x = b.concat([
      conv(b, conv(b, x, 192, 1), 320, 3, REDUCE),
      conv(
        b,
        chain(b, x, [
          [192, 1],
          [192, [1, 7]],
          [192, [7, 1]],
        ]),
        192,
        3,
        REDUCE,
      ),
      shrunk(b, x),
    ]);
    x = wide(b, wide(b, x));
    return b.dense(b.globalAverage(x), 10, 'softmax');
  },
};
