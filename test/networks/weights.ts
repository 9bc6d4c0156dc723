/**
 * Fixed random weights, the same for each form of a network: made for the first one, in the order
 * it asks for them.
 */
import { util } from '@tensorflow/tfjs-core';
import { random } from '../conformance/case.js';

export interface Values {
  readonly shape: number[];
  readonly data: Float32Array;
}

export interface Statistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** What a network asks for. */
export interface WeightSource {
  rewind(): this;
  kernel(shape: number[], fanIn: number): Values;
  bias(size: number): Values;
  batchNorm(size: number, statistics: () => Statistics): [Values, Values, Values, Values];
}

export class Weights implements WeightSource {
  private readonly made: Values[] = [];
  private taken = 0;

  /** Begins again with the first. */
  rewind(): this {
    this.taken = 0;
    return this;
  }

  /**
   * A kernel that keeps the variance of what it is applied to, through a rectifier that halves it.
   */
  kernel(shape: number[], fanIn: number): Values {
    const limit = Math.sqrt(6 / fanIn);
    return this.between(-limit, limit, shape);
  }

  bias(size: number): Values {
    return this.between(-0.1, 0.1, [size]);
  }

  /**
   * gamma, beta, mean, variance
   * @param statistics of what is normalized; asked for when the weights are made
   */
  batchNorm(size: number, statistics: () => Statistics): [Values, Values, Values, Values] {
    const shape = [size];
    const [gamma, beta] = [this.between(0.7, 1.3, shape), this.bias(size)];
    const mean = this.take(() => ({ shape, data: statistics().mean }));
    const variance = this.take(() => ({ shape, data: statistics().variance }));
    return [gamma, beta, mean, variance];
  }

  /** Numbers in [low, high). */
  between(low: number, high: number, shape: number[]): Values {
    return this.take((seed) => {
      const data = random(util.sizeFromShape(shape), seed);
      return { shape, data: data.map((number) => low + ((number + 1) / 2) * (high - low)) };
    });
  }

  private take(make: (seed: number) => Values): Values {
    const i = this.taken++;
    return (this.made[i] ??= make(i));
  }
}

/** For forms that come after the first. */
export const alreadyMade = (): never => {
  throw new Error('the weights have to be made by the functional form');
};
