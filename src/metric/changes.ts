/**
 * The change of the score when something is taken from the input, beside what a map predicts.
 *
 * Letters: [...] the shape of one input, s samples.
 */
import { concat, dispose, keep, reshape, slice, sub, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Context } from '../method/context.js';
import type { Task } from '../run/task.js';
import { channelsOf, placesOf } from './mapNumbers.js';
import type { MapNumbers } from './mapNumbers.js';
import { inputAxes, scoresInChunks } from './replacement.js';

/** Makes a tensor of a map that broadcasts over inputs [r, ...], the caller's to free. */
export function attributionTensor(map: MapNumbers, { input }: Context): Tensor {
  const places = placesOf(input.shape);
  const channels = channelsOf(map, places);
  const axes = inputAxes(places);
  const shape = axes.length === 4 ? [...axes.slice(0, 3), channels] : axes;
  return keep(tensor(Float32Array.from(map.values), shape));
}

/** Inputs without something, and the changes that a map predicts for them. */
export interface Changes {
  /** [size, ...] */
  readonly rows: Tensor;
  /** [size] */
  readonly predicted: Tensor;
}

/**
 * Computes s predicted changes, and after them the changes f(x) - f(x without it): [2 s].
 * @param changesOf makes those of samples `first` to `first + size - 1`, inside a tidy
 */
export function* changesOfScore(
  context: Context,
  samples: number,
  changesOf: (first: number, size: number) => Changes,
): Task<Tensor> {
  const predicted: Tensor[] = [];
  const [before] = yield* context.values(context.input);
  keep(before!);
  try {
    const after = yield* scoresInChunks(context, samples, (first, size) => {
      const changes = changesOf(first, size);
      predicted.push(keep(reshape(changes.predicted, [size])));
      return changes.rows;
    });
    try {
      return tidy(() => {
        const score = slice(before!, 0, 1);
        return concat([...predicted, sub(score, after)]);
      });
    } finally {
      after.dispose();
    }
  } finally {
    dispose([before!, ...predicted]);
  }
}
