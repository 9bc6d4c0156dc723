import type { Architecture, Builder } from '../builder.js';

const GROWTH = 4;

const preactivated = <T>(b: Builder<T>, x: T): T =>
  b.activate(b.batchNorm(x, { epsilon: 1.001e-5 }), 'relu');

/** DenseNet121 (Huang et al., 2016) with an eighth of the channels. */
export const denseNet121: Architecture = {
  name: 'DenseNet121',
  size: 32,
  build(b, image) {
    const stem = b.conv(b.zeroPad(image, [3, 3, 3, 3]), {
      filters: 8,
      kernel: 7,
      stride: 2,
      padding: 'valid',
    });
    let x = b.zeroPad(preactivated(b, stem), [1, 1, 1, 1]);
    x = b.pool(x, 'max', { size: 3, stride: 2, padding: 'valid' });
    for (const [stage, repeats] of [6, 12, 24, 16].entries()) {
      if (stage > 0) {
        const half = b.conv(preactivated(b, x), { filters: b.channels(x) / 2, kernel: 1 });
        x = b.pool(half, 'avg', { size: 2, stride: 2, padding: 'valid' });
      }
      for (let i = 0; i < repeats; i++) {
        const narrow = b.conv(preactivated(b, x), { filters: 4 * GROWTH, kernel: 1 });
        x = b.concat([x, b.conv(preactivated(b, narrow), { filters: GROWTH, kernel: 3 })]);
      }
    }
    return b.dense(b.globalAverage(preactivated(b, x)), 10, 'softmax');
  },
};
