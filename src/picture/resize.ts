/**
 * Resizes one map bilinearly, with pixel centres at half integers.
 *
 * Row i of the result reads row `(i + 0.5) h / height - 0.5`, cut to those there are.
 */
export function resizeBilinear(
  values: ArrayLike<number>,
  [h, w]: readonly [number, number],
  [height, width]: readonly [number, number],
): Float32Array {
  const rows = positions(h, height);
  const columns = positions(w, width);
  const result = new Float32Array(height * width);
  rows.forEach((y, i) => {
    columns.forEach((x, j) => {
      const above = mix(values[y.low * w + x.low]!, values[y.low * w + x.high]!, x.weight);
      const below = mix(values[y.high * w + x.low]!, values[y.high * w + x.high]!, x.weight);
      result[i * width + j] = mix(above, below, y.weight);
    });
  });
  return result;
}

/** Finds for each place of the result the two that it lies between, and the second one's weight. */
function positions(size: number, newSize: number) {
  return Array.from({ length: newSize }, (_, i) => {
    const at = Math.min(size - 1, Math.max(0, ((i + 0.5) * size) / newSize - 0.5));
    const low = Math.floor(at);
    return { low, high: Math.min(size - 1, low + 1), weight: at - low };
  });
}

function mix(a: number, b: number, weight: number): number {
  return (1 - weight) * a + weight * b;
}
