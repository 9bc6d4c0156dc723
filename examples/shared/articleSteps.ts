/**
 * After how many samples the article shows the map, as far as there are so many, and after the
 * last.
 */
export function articleSteps(samples: number): number[] {
  return [...[1, 2, 3, 10, 20, 30, 50, 75, 100].filter((count) => count < samples), samples];
}
