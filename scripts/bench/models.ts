/** The networks of the tests at their published width, with weights that cost nothing to make. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { inceptionV3 } from '../../test/networks/architectures/inception.js';
import { mobileNetV1, mobileNetV2 } from '../../test/networks/architectures/mobileNet.js';
import { resNet50 } from '../../test/networks/architectures/resNet.js';
import { vgg16 } from '../../test/networks/architectures/vgg.js';
import type { Architecture, Builder } from '../../test/networks/builder.js';
import { asLayersModel } from '../../test/networks/layersBuilder.js';
import type { Values, WeightSource } from '../../test/networks/weights.js';

export interface BenchModel {
  readonly architecture: Architecture;
  /** By how much the tests' network is narrower, in filters and in hidden units. */
  readonly filters: number;
  readonly units: number;
}

export const BENCH_MODELS: readonly BenchModel[] = [
  { architecture: vgg16, filters: 16, units: 64 },
  { architecture: mobileNetV1, filters: 8, units: 1 },
  { architecture: mobileNetV2, filters: 4, units: 1 },
  { architecture: resNet50, filters: 8, units: 1 },
  { architecture: inceptionV3, filters: 16, units: 1 },
];

const CLASSES = 1000;

/** `inner` with more filters and units than it is asked for; it is asked for channels in the narrow count. */
function widened<T>(inner: Builder<T>, { filters: times, units: timesUnits }: BenchModel): Builder<T> {
  return {
    ...inner,
    channels: (x) => inner.channels(x) / times,
    conv: (x, options) => inner.conv(x, { ...options, filters: options.filters * times }),
    dense: (x, units, activation) =>
      inner.dense(x, activation === 'softmax' ? CLASSES : units * timesUnits, activation),
  };
}

/** Numbers of a fixed pattern, in the range that keeps a network's variance. */
class PatternWeights implements WeightSource {
  private state = 1;

  rewind(): this {
    this.state = 1;
    return this;
  }

  kernel(shape: number[], fanIn: number): Values {
    const limit = Math.sqrt(6 / fanIn);
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    for (let i = 0; i < data.length; i++) {
      this.state = (this.state * 48271) % 2147483647;
      data[i] = (this.state / 1073741823.5 - 1) * limit;
    }
    return { shape, data };
  }

  bias(size: number): Values {
    return { shape: [size], data: new Float32Array(size) };
  }

  batchNorm(size: number): [Values, Values, Values, Values] {
    const ones = { shape: [size], data: new Float32Array(size).fill(1) };
    return [ones, this.bias(size), this.bias(size), ones];
  }
}

export function buildBenchModel(model: BenchModel, size: number): LayersModel {
  const { architecture } = model;
  const wide: Architecture = {
    name: architecture.name,
    size,
    build: (builder, image) => architecture.build(widened(builder, model), image),
  };
  return asLayersModel(wide, new PatternWeights());
}
