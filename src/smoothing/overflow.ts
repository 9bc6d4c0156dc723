import { GradientError } from '../gradient/gradientError.js';
import { toBeNamed } from '../inFunction.js';

/**
 * Makes the error of a map of squares that overflows in float32; `sample` is the first to do so.
 */
export function beyondFloat32(sample: number): GradientError {
  return toBeNamed(
    new GradientError(
      `the map has numbers beyond float32 (3.4e38), and so has the square of the gradient at ` +
        `sample ${sample}; scale the score down, or use the statistic 'meanAbs'`,
    ),
  );
}
