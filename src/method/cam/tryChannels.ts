/**
 * Scores of a model with one channel of a layer alone, or without it.
 *
 * Letters: r rows; a layer of d channels that are tried; m explained classes.
 */
import { concat, dispose, keep, reshape, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Task } from '../../run/task.js';
import type { Context, ValueOptions } from '../context.js';
import type { TriedLayer } from './defineChannelCam.js';

/** How channels are tried. */
export interface Trial {
  /** Makes the rows [size r, ...] that try channels `first` ... `first + size - 1`, one by one. */
  readonly rows: (first: number, size: number) => Tensor;
  /** How the pass over these rows differs from a plain one. */
  readonly pass?: (first: number) => ValueOptions;
  /** Computes the weights [r, d] of class i from the scores [r, d] of its trials. */
  readonly weights: (scores: Tensor, i: number) => Tensor;
}

/**
 * Tries the channels in chunks of as many as fit into one pass: memory does not grow with their
 * number.
 * @returns m tensors [r, d], the weights
 */
export function* tryChannels(
  context: Context,
  { channels, predicted }: TriedLayer,
  { rows, pass, weights }: Trial,
): Task<Tensor[]> {
  const [rowCount, count] = channels.shape;
  const chunks: Tensor[][] = [];
  try {
    for (let first = 0, size = 1; first < count; first += size) {
      if (first > 0) yield;
      size = Math.min(count - first, Math.max(1, Math.floor(context.rowsPerPass / rowCount)));
      const [begin, length] = [first, size];
      const tried = keep(tidy(() => rows(begin, length)));
      try {
        const scores = yield* context.values(tried, { predicted, ...pass?.(first) });
        chunks.push(scores.map((score) => keep(score)));
      } finally {
        tried.dispose();
      }
    }
    return tidy(() =>
      chunks[0]!.map((_, i) => {
        const scores = concat(chunks.map((chunk) => chunk[i]!));
        return keep(weights(transpose(reshape(scores, [count, rowCount])), i));
      }),
    );
  } finally {
    dispose(chunks);
  }
}
