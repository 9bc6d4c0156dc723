import type { Activation, Architecture, Builder } from '../builder.js';
import { convNorm } from '../builder.js';

/** Keras pads before a stride of 2, so that the window is never centred on the border. */
function depthwiseNorm<T>(
  b: Builder<T>,
  x: T,
  kernel: number,
  stride: number,
  activation: Activation,
): T {
  const reach = (kernel - 1) / 2;
  const padded = stride === 1 ? x : b.zeroPad(x, [reach - 1, reach, reach - 1, reach]);
  return b.activate(
    b.batchNorm(b.depthwise(padded, { kernel, stride, padding: stride === 1 ? 'same' : 'valid' })),
    activation,
  );
}

/** MobileNetV1 (Howard et al., 2017) with an eighth of the channels. */
export const mobileNetV1: Architecture = {
  name: 'MobileNetV1',
  size: 32,
  build(b, image) {
    const blocks = [
      [8, 1],
      [16, 2],
      [16, 1],
      [32, 2],
      [32, 1],
      [64, 2],
      [64, 1],
      [64, 1],
      [64, 1],
      [64, 1],
      [64, 1],
      [128, 2],
      [128, 1],
    ] as const;
    const stem = convNorm(b, image, { filters: 4, kernel: 3, stride: 2 }, 'relu6');
    const features = blocks.reduce((x, [filters, stride]) => {
      const y = depthwiseNorm(b, x, 3, stride, 'relu6');
      return convNorm(b, y, { filters, kernel: 1 }, 'relu6');
    }, stem);
    return b.dense(b.globalAverage(features), 10, 'softmax');
  },
};

interface Bottleneck {
  readonly kernel: number;
  readonly expanded: number;
  readonly filters: number;
  readonly stride: number;
  readonly activation: Activation;
  /** The squeezed channels of a squeeze-and-excitation block, and its gate. */
  readonly squeeze?:
    { readonly to: number; readonly inner: Activation; readonly gate: Activation } | undefined;
}

/**
 * Expand, filter each channel, attend to channels, project, add: MobileNetV2, V3 and EfficientNet
 * are made of it.
 */
export function bottleneck<T>(b: Builder<T>, x: T, options: Bottleneck): T {
  const { kernel, expanded, filters, stride, activation, squeeze } = options;
  const wide =
    expanded === b.channels(x) ? x : convNorm(b, x, { filters: expanded, kernel: 1 }, activation);
  let y = depthwiseNorm(b, wide, kernel, stride, activation);
  if (squeeze !== undefined) {
    const squeezed = b.conv(b.asImage(b.globalAverage(y)), {
      filters: squeeze.to,
      kernel: 1,
      activation: 'linear',
    });
    const excited = b.conv(b.activate(squeezed, squeeze.inner), {
      filters: expanded,
      kernel: 1,
      activation: 'linear',
    });
    y = b.multiply(y, b.activate(excited, squeeze.gate));
  }
  const projected = convNorm(b, y, { filters, kernel: 1 });
  return stride === 1 && b.channels(x) === filters ? b.add(x, projected) : projected;
}

/** MobileNetV2 (Sandler et al., 2018) with a quarter of the channels. */
export const mobileNetV2: Architecture = {
  name: 'MobileNetV2',
  size: 32,
  build(b, image) {
    // expansion, channels, repeats, stride of the first
    const stages = [
      [1, 4, 1, 1],
      [6, 6, 2, 2],
      [6, 8, 3, 2],
      [6, 16, 4, 2],
      [6, 24, 3, 1],
      [6, 40, 3, 2],
      [6, 80, 1, 1],
    ] as const;
    let x = convNorm(b, image, { filters: 8, kernel: 3, stride: 2 }, 'relu6');
    for (const [expansion, filters, repeats, first] of stages) {
      for (let i = 0; i < repeats; i++) {
        const stride = i === 0 ? first : 1;
        x = bottleneck(b, x, {
          kernel: 3,
          expanded: expansion * b.channels(x),
          filters,
          stride,
          activation: 'relu6',
        });
      }
    }
    const features = convNorm(b, x, { filters: 160, kernel: 1 }, 'relu6');
    return b.dense(b.globalAverage(features), 10, 'softmax');
  },
};

/** MobileNetV3-Small (Howard et al., 2019) with half of the channels. */
export const mobileNetV3: Architecture = {
  name: 'MobileNetV3',
  size: 32,
  build(b, image) {
    // kernel, expanded, channels, squeezed or not, activation, stride
    const blocks = [
      [3, 8, 8, true, 'relu', 2],
      [3, 36, 12, false, 'relu', 2],
      [3, 44, 12, false, 'relu', 1],
      [5, 48, 20, true, 'hardSwish', 2],
      [5, 120, 20, true, 'hardSwish', 1],
      [5, 120, 20, true, 'hardSwish', 1],
      [5, 60, 24, true, 'hardSwish', 1],
      [5, 72, 24, true, 'hardSwish', 1],
      [5, 144, 48, true, 'hardSwish', 2],
      [5, 288, 48, true, 'hardSwish', 1],
      [5, 288, 48, true, 'hardSwish', 1],
    ] as const;
    let x = convNorm(b, image, { filters: 8, kernel: 3, stride: 2 }, 'hardSwish');
    for (const [kernel, expanded, filters, squeezed, activation, stride] of blocks) {
      const squeeze = squeezed
        ? ({ to: expanded / 4, inner: 'relu', gate: 'hardSigmoid' } as const)
        : undefined;
      x = bottleneck(b, x, { kernel, expanded, filters, stride, activation, squeeze });
    }
    const features = b.globalAverage(convNorm(b, x, { filters: 288, kernel: 1 }, 'hardSwish'));
    const hidden = b.conv(b.asImage(features), { filters: 512, kernel: 1, activation: 'linear' });
    return b.dense(b.flatten(b.activate(hidden, 'hardSwish')), 10, 'softmax');
  },
};
