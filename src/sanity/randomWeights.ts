/** Random weights in the place of a model's, in passes under a hook: the model is not changed. */
import { gather, keep, mul, reshape, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { DataId, Tensor } from '@tensorflow/tfjs-core';
import type { KernelHook } from '../gradient/kernelHook.js';
import { permutation } from '../random/permutation.js';
import { uniformNumbers } from '../random/uniform.js';
import { indexKey } from './weightLayers.js';
import type { Weight, WeightLayer } from './weightLayers.js';

/** Draws the order of a weight's numbers. */
export type Shuffle = (size: number, seed: number) => Int32Array<ArrayBuffer>;

const shuffle: Shuffle = (size, seed) => permutation(size, uniformNumbers(seed));

export class RandomWeights {
  private readonly random = new Map<DataId | string, Weight>();
  /** Each the same in all passes. */
  private readonly made = new Map<DataId | string, Tensor>();

  /** Permutes all numbers of a weight, so that their distribution stays as training left it. */
  constructor(
    private readonly seed: number,
    private readonly order: Shuffle = shuffle,
  ) {}

  readonly hook: KernelHook = {
    inputs: ({ index, inputs }) => {
      const replaced = Object.entries(inputs).flatMap(([name, tensor]) => {
        if (tensor == null) return [];
        const weight = this.random.get(tensor.dataId) ?? this.random.get(indexKey(index, name));
        return weight === undefined ? [] : [[name, this.randomOf(weight, tensor)]];
      });
      return replaced.length === 0
        ? undefined
        : { ...inputs, ...(Object.fromEntries(replaced) as typeof inputs) };
    },
  };

  /** Replaces the weights of exactly these layers. */
  randomize(layers: readonly WeightLayer[]): void {
    this.random.clear();
    for (const weight of layers.flatMap(({ weights }) => weights)) {
      this.random.set(weight.key, weight);
    }
  }

  private randomOf({ key, group }: Weight, tensor: Tensor): Tensor {
    let random = this.made.get(key);
    if (random === undefined) {
      // An odd factor keeps the groups' seeds apart.
      const seed = (this.seed + Math.imul(group + 1, 0x9e3779b1)) >>> 0;
      const order = this.order(tensor.size, seed);
      random = keep(
        tidy(() => {
          const flat = gather(reshape(tensor, [-1]), tensor1d(order, 'int32'));
          // A new tensor, because wasm keeps a shape of its own with what `gather` has computed.
          return mul(reshape(flat, tensor.shape), 1);
        }),
      );
      this.made.set(key, random);
    }
    return reshape(random, tensor.shape);
  }

  dispose(): void {
    this.made.forEach((tensor) => tensor.dispose());
    this.made.clear();
  }
}
