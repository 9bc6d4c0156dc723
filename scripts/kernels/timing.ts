import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { median } from '../statistics.js';

/**
 * Median times of all ways, interleaved, in ms of the processor: other processes' turns do not
 * count. Undefined for a way that is none.
 */
export function times(
  ways: readonly ((() => Tensor) | undefined)[],
  rounds: number,
): (number | undefined)[] {
  const found = ways.map((): number[] => []);
  for (let round = -2; round < rounds; round++) {
    ways.forEach((way, i) => {
      if (way === undefined) return;
      const start = process.cpuUsage();
      tidy(() => void way());
      if (round >= 0) found[i]!.push(process.cpuUsage(start).user / 1e3);
    });
  }
  return found.map((list) => (list.length > 0 ? median(list) : undefined));
}
