/** Rules for integrals over [0, 1]: the sum of `weights` times the function at `nodes`. */

export const QUADRATURES = ['gaussLegendre', 'trapezoid'] as const;
export type Quadrature = (typeof QUADRATURES)[number];

export interface NodesAndWeights {
  readonly nodes: readonly number[];
  /** They add up to 1. */
  readonly weights: readonly number[];
}

export function quadrature(rule: Quadrature, steps: number): NodesAndWeights {
  return rule === 'gaussLegendre' ? gaussLegendre(steps) : trapezoid(steps);
}

/** Makes the trapezoidal rule: both ends count half; one step is the middle. */
function trapezoid(steps: number): NodesAndWeights {
  if (steps === 1) return { nodes: [0.5], weights: [1] };
  const last = steps - 1;
  return {
    nodes: Array.from({ length: steps }, (_, i) => i / last),
    weights: Array.from({ length: steps }, (_, i) => (i === 0 || i === last ? 0.5 : 1) / last),
  };
}

/** Finds the roots of Legendre's P_n by Newton's method: exact up to degree 2 n - 1. */
function gaussLegendre(steps: number): NodesAndWeights {
  const found = Array.from({ length: steps }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (steps + 0.5));
    let slope = 1;
    for (let move = 1; Math.abs(move) > 1e-15;) {
      const { value, derivative } = legendre(steps, x);
      slope = derivative;
      move = value / derivative;
      x -= move;
    }
    return { node: (1 - x) / 2, weight: 1 / ((1 - x * x) * slope * slope) };
  });
  return { nodes: found.map(({ node }) => node), weights: found.map(({ weight }) => weight) };
}

/** Computes P_n(x) and its derivative, by Bonnet's recursion. */
function legendre(n: number, x: number): { value: number; derivative: number } {
  let [before, value] = [1, x];
  for (let k = 2; k <= n; k++)
    [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return { value, derivative: (n * (x * value - before)) / (x * x - 1) };
}
