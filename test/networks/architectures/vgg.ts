import type { Architecture } from '../builder.js';

/** VGG16 (Simonyan and Zisserman, 2014) with a sixteenth of the channels. */
export const vgg16: Architecture = {
  name: 'VGG16',
  size: 32,
  build(b, image) {
    const blocks = [
      [4, 4],
      [8, 8],
      [16, 16, 16],
      [32, 32, 32],
      [32, 32, 32],
    ];
    const features = blocks.reduce((x, block) => {
      const y = block.reduce(
        (z, filters) => b.conv(z, { filters, kernel: 3, activation: 'relu' }),
        x,
      );
      return b.pool(y, 'max', { size: 2, stride: 2, padding: 'valid' });
    }, image);
    const hidden = b.dense(b.dense(b.flatten(features), 64, 'relu'), 64, 'relu');
    return b.dense(hidden, 10, 'softmax');
  },
};
