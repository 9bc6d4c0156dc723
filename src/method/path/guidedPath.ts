/** The path of guided integrated gradients of one input, in double precision on the host. */
export class GuidedPath {
  readonly point: Float64Array;
  readonly map: Float64Array;
  private readonly length: number;
  private gradient: Float32Array | undefined;

  constructor(
    private readonly start: ArrayLike<number>,
    private readonly end: ArrayLike<number>,
    private readonly options: {
      readonly steps: number;
      readonly fraction: number;
      readonly maxDistance: number;
    },
  ) {
    this.point = Float64Array.from(start);
    this.map = new Float64Array(start.length);
    this.length = this.distance();
  }

  /**
   * Goes one step: features of the least gradients first, all within `maxDistance` of the straight
   * path, until the step has its length.
   * @param gradient at the point
   * @param adds whether gradient times way is added to the map
   */
  advance(gradient: Float32Array, step: number, adds: boolean): void {
    this.gradient = gradient;
    const { point, map, start, end } = this;
    const { steps, fraction, maxDistance } = this.options;
    const share = (step + 1) / steps;
    const [least, most] = [Math.max(0, share - maxDistance), Math.min(1, share + maxDistance)];
    const before = point.slice();
    const at = (i: number, part: number): number => start[i]! + part * (end[i]! - start[i]!);
    // What has fallen behind catches up.
    for (let i = 0; i < point.length; i++) {
      const way = end[i]! - start[i]!;
      if (way !== 0 && (point[i]! - start[i]!) / way < least) point[i] = at(i, least);
    }
    const target = this.length * (1 - share);
    const magnitude = gradient.map(Math.abs);
    let moving = Array.from(point.keys()).filter((i) => point[i] !== at(i, most));
    // Numbers alone are sorted in a fifth of the time of their places.
    const sorted = Float32Array.from(moving, (i) => magnitude[i]!).sort();
    const rank = Math.floor(fraction * (point.length - 1));
    let left = this.distance() - target;
    while (left > 1e-12 * this.length && moving.length > 0) {
      // The lower quantile of all features, of which those that have arrived count as infinite.
      const threshold = sorted[sorted.length - moving.length + rank] ?? Infinity;
      const chosen = moving.filter((i) => magnitude[i]! <= threshold);
      const reach = chosen.reduce((sum, i) => sum + Math.abs(point[i]! - at(i, most)), 0);
      const part = reach === 0 ? 1 : Math.min(1, left / reach);
      for (const i of chosen) {
        point[i] = part === 1 ? at(i, most) : point[i]! + part * (at(i, most) - point[i]!);
      }
      if (part < 1) break;
      moving = moving.filter((i) => magnitude[i]! > threshold);
      left = this.distance() - target;
    }
    if (adds)
      for (let i = 0; i < map.length; i++) map[i]! += (point[i]! - before[i]!) * gradient[i]!;
  }

  /** Shares a change of the score out by the squares of the gradient where the step began. */
  share(change: number): void {
    const gradient = this.gradient!;
    const squares = gradient.reduce((sum, value) => sum + value * value, 0);
    if (squares === 0) return;
    for (let i = 0; i < gradient.length; i++)
      this.map[i]! += (change * gradient[i]! * gradient[i]!) / squares;
  }

  /** The sum of the magnitudes of what is left of the way. */
  private distance(): number {
    const { point, end } = this;
    let sum = 0;
    for (let i = 0; i < point.length; i++) sum += Math.abs(end[i]! - point[i]!);
    return sum;
  }
}
