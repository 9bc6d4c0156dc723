/**
 * Where a layer's output has places: an image [r, h, w, c], or a vision transformer's tokens
 * [r, t, c], of which the last h w are places and those before them (class, registers) are not.
 *
 * Letters: r rows, h x w places, c channels, t tokens.
 */
import { reshape, slice } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Operand } from '../gradient/rule.js';
import type { Tape } from '../gradient/tape.js';
import { findTokens } from './tokens.js';

/** h and w */
export type Grid = readonly [height: number, width: number];

/** Finds the grid of an output; undefined if it has no places. */
export type GridOf = (output: Operand) => Grid | undefined;

/** Tells whether an output is [r, h, w, c] with more than one place. */
export function isSpatial({ shape, dtype }: Operand): boolean {
  return dtype === 'float32' && shape.length === 4 && shape[1]! * shape[2]! > 1;
}

/** Tells whether an output may turn out to have places, once the whole pass is known. */
export function maybeSpatial(output: Operand): boolean {
  return isSpatial(output) || (output.dtype === 'float32' && output.shape.length === 3);
}

/** Makes the function that finds where the outputs of a pass have places. */
export function gridsOf(tape: Tape): GridOf {
  const rows = tape.input.shape[0];
  const imageGrid: GridOf = (output) =>
    isSpatial(output) && output.shape[0] === rows
      ? [output.shape[1]!, output.shape[2]!]
      : undefined;
  const tokens = findTokens(tape);
  if (tokens === undefined) return imageGrid;
  const { count, grid, inBlocks } = tokens;
  return (output) => {
    // Between blocks of a transformer, rank 4 means heads.
    if (!inBlocks.has(output.id)) return imageGrid(output);
    const [first, second] = output.shape;
    const isTokens = maybeSpatial(output) && output.shape.length === 3;
    return isTokens && first === rows && second === count ? grid : undefined;
  };
}

/** Reshapes tokens [r, t, c] to [r, h, w, c], without the extra ones; leaves images alone. */
export function asGrid(x: Tensor, [height, width]: Grid): Tensor4D {
  if (x.rank === 4) return x as Tensor4D;
  const [rows = 1, tokens = 1, channels = 1] = x.shape;
  const places = height * width;
  const shown = slice(x, [0, tokens - places, 0], [rows, places, channels]);
  return reshape(shown, [rows, height, width, channels]);
}
