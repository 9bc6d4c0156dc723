/** The order in which the places of a map are replaced. */
import { uniformNumbers } from '../random/uniform.js';

export const ORDERS = ['morf', 'lerf'] as const;

/** The most relevant places first, or the least relevant ones. */
export type Order = (typeof ORDERS)[number];

/**
 * Ranks the places of a map: 0 for the one that is replaced first.
 *
 * Equal values come in an order drawn from the seed: the order of the pixels would favour corners.
 */
export function rankPlaces(
  values: ArrayLike<number>,
  order: Order,
  seed: number,
): Float32Array<ArrayBuffer> {
  const uniform = uniformNumbers(seed);
  const draw = Float64Array.from({ length: values.length }, uniform);
  const sign = order === 'morf' ? -1 : 1;
  const places = Int32Array.from(draw, (_, i) => i);
  places.sort((i, j) => sign * (values[i]! - values[j]!) || draw[i]! - draw[j]!);
  const ranks = new Float32Array(values.length);
  places.forEach((place, rank) => {
    ranks[place] = rank;
  });
  return ranks;
}
