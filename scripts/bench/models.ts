/** The networks of the tests at their published width, with weights that cost nothing to make. */
import { util } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { random } from '../../test/conformance/case.js';
import { denseNet121 } from '../../test/networks/architectures/denseNet.js';
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
  /**
   * Height and width of its input where nothing is fast: on cpu, some thirty times as slow as wasm,
   * and software GPUs.
   */
  readonly smallSize: number;
  /** Where it is not 224. */
  readonly fullSize?: number;
}

/** What Keras's models take, but for those that say otherwise. */
const FULL_SIZE = 224;

export const fullSizeOf = (name: string): number => benchModel(name).fullSize ?? FULL_SIZE;

export const benchModel = (name: string): BenchModel =>
  BENCH_MODELS.find(({ architecture }) => architecture.name === name)!;

export const BENCH_MODELS: readonly BenchModel[] = [
  { architecture: vgg16, filters: 16, units: 64, smallSize: 32 },
  { architecture: mobileNetV1, filters: 8, units: 1, smallSize: 96 },
  { architecture: mobileNetV2, filters: 4, units: 1, smallSize: 96 },
  { architecture: resNet50, filters: 8, units: 1, smallSize: 64 },
  { architecture: inceptionV3, filters: 16, units: 1, smallSize: 96, fullSize: 299 },
  { architecture: denseNet121, filters: 8, units: 1, smallSize: 64 },
];

const CLASSES = 1000;

/**
 * `inner` with more filters and units than it is asked for; it is asked for channels in the narrow
 * count.
 */
function widened<T>(
  inner: Builder<T>,
  { filters: times, units: timesUnits }: BenchModel,
): Builder<T> {
  return {
    ...inner,
    channels: (x) => inner.channels(x) / times,
    conv: (x, options) => inner.conv(x, { ...options, filters: options.filters * times }),
    dense: (x, units, activation) =>
      inner.dense(x, activation === 'softmax' ? CLASSES : units * timesUnits, activation),
  };
}

/** A prime, so that no two filters of a layer are the same. */
const PERIOD = 65521;

/** The same numbers again and again, in the range that keeps a network's variance. */
class PatternWeights implements WeightSource {
  private readonly numbers = random(PERIOD, 1);

  rewind(): this {
    return this;
  }

  kernel(shape: number[], fanIn: number): Values {
    const limit = Math.sqrt(6 / fanIn);
    const scaled = this.numbers.map((number) => number * limit);
    const data = new Float32Array(util.sizeFromShape(shape));
    for (let start = 0; start < data.length; start += PERIOD) {
      data.set(scaled.subarray(0, data.length - start), start);
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
