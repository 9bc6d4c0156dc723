import type { Architecture, Builder } from '../builder.js';
import { convNorm } from '../builder.js';

function block<T>(b: Builder<T>, x: T, filters: number, stride: number, first: boolean): T {
  const shortcut = first
    ? convNorm(b, x, { filters: 4 * filters, kernel: 1, stride, padding: 'valid' })
    : x;
  const narrow = convNorm(b, x, { filters, kernel: 1, stride, padding: 'valid' }, 'relu');
  const seen = convNorm(b, narrow, { filters, kernel: 3 }, 'relu');
  return b.activate(
    b.add(shortcut, convNorm(b, seen, { filters: 4 * filters, kernel: 1 })),
    'relu',
  );
}

/** ResNet50 (He et al., 2015) as Keras has it, with an eighth of the channels. */
export const resNet50: Architecture = {
  name: 'ResNet50',
  size: 32,
  build(b, image) {
    const padded = b.zeroPad(image, [3, 3, 3, 3]);
    const stem = convNorm(
      b,
      padded,
      { filters: 8, kernel: 7, stride: 2, padding: 'valid' },
      'relu',
    );
    let x = b.pool(b.zeroPad(stem, [1, 1, 1, 1]), 'max', { size: 3, stride: 2, padding: 'valid' });
    for (const [filters, repeats, stride] of [
      [8, 3, 1],
      [16, 4, 2],
      [32, 6, 2],
      [64, 3, 2],
    ] as const) {
      for (let i = 0; i < repeats; i++) x = block(b, x, filters, i === 0 ? stride : 1, i === 0);
    }
    return b.dense(b.globalAverage(x), 10, 'softmax');
  },
};
