import type { Architecture } from '../builder.js';
import { convNorm } from '../builder.js';
import { bottleneck } from './mobileNet.js';

/** EfficientNet-B0 (Tan and Le, 2019) with a quarter of the channels. */
export const efficientNet: Architecture = {
  name: 'EfficientNet',
  size: 32,
  build(b, image) {
    // expansion, channels, repeats, stride of the first, kernel
    const stages = [
      [1, 4, 1, 1, 3],
      [6, 6, 2, 2, 3],
      [6, 10, 2, 2, 5],
      [6, 20, 3, 2, 3],
      [6, 28, 3, 1, 5],
      [6, 48, 4, 2, 5],
      [6, 80, 1, 1, 3],
    ] as const;
    let x = convNorm(b, image, { filters: 8, kernel: 3, stride: 2 }, 'swish');
    for (const [expansion, filters, repeats, first, kernel] of stages) {
      for (let i = 0; i < repeats; i++) {
        const stride = i === 0 ? first : 1;
        const squeeze = {
          to: Math.ceil(b.channels(x) / 4),
          inner: 'swish',
          gate: 'sigmoid',
        } as const;
        const expanded = expansion * b.channels(x);
        x = bottleneck(b, x, { kernel, expanded, filters, stride, activation: 'swish', squeeze });
      }
    }
    const features = convNorm(b, x, { filters: 160, kernel: 1 }, 'swish');
    return b.dense(b.globalAverage(features), 10, 'softmax');
  },
};
