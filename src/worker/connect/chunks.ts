/**
 * How the samples of a run are cut into chunks: by nothing that depends on the number of workers or
 * on time.
 */

export interface ChunkPlan {
  readonly total: number;
  readonly samplesPerPass: number;
  /** After which numbers of samples a step is wanted. */
  readonly at: readonly number[] | undefined;
  /** Whether averages of antithetic pairs are wanted. */
  readonly pairs: boolean;
}

export interface PlannedChunk {
  readonly first: number;
  readonly count: number;
  /** Whether a pass of the library's own would end here, after which it tells its progress. */
  readonly endsPass: boolean;
}

/**
 * Passes as long as may be, but not past a step; where pairs are wanted, one that a pass cuts
 * becomes two chunks.
 */
export function* chunksOf({
  total,
  samplesPerPass,
  at,
  pairs,
}: ChunkPlan): Generator<PlannedChunk, void, undefined> {
  for (let first = 0; first < total;) {
    const step = at?.find((count) => count > first) ?? total;
    const end = Math.min(first + samplesPerPass, step);
    const cuts = [first + 1, end - 1].filter(
      (cut) => pairs && cut % 2 === 0 && cut > first && cut < end,
    );
    for (const cut of new Set([...cuts, end])) {
      yield { first, count: cut - first, endsPass: cut === end };
      first = cut;
    }
  }
}
