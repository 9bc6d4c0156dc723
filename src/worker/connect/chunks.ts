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
  /** Whether someone is told after each pass, so that a chunk may not be longer. */
  readonly isWatched: boolean;
}

export interface PlannedChunk {
  readonly first: number;
  readonly count: number;
  /** Whether a pass of the library's own would end here, after which it tells its progress. */
  readonly endsPass: boolean;
}

/** The passes of the longest chunk. */
const MOST_PASSES = 4;

/**
 * Chooses how many passes the next chunk has: more and more, because each chunk costs the thread
 * that merges them the same; fewer towards the end, so that all workers end together.
 * @param done passes before
 * @param left passes to come
 */
function passesOfNext(done: number, left: number): number {
  const growing = 1 + Math.floor(done / 4);
  const shrinking = Math.max(1, Math.floor(left / 16));
  return Math.min(growing, shrinking, MOST_PASSES);
}

/**
 * Cuts a run into chunks of whole passes, but not past a step; where pairs are wanted, one that a
 * pass cuts becomes two chunks.
 */
export function* chunksOf({
  total,
  samplesPerPass,
  at,
  pairs,
  isWatched,
}: ChunkPlan): Generator<PlannedChunk, void, undefined> {
  const inPasses = (samples: number): number => samples / samplesPerPass;
  for (let first = 0; first < total;) {
    const step = at?.find((count) => count > first) ?? total;
    const passes = isWatched ? 1 : passesOfNext(inPasses(first), inPasses(total - first));
    const end = Math.min(first + passes * samplesPerPass, step);
    const cuts = [first + 1, end - 1].filter(
      (cut) => pairs && cut % 2 === 0 && cut > first && cut < end,
    );
    for (const cut of new Set([...cuts, end])) {
      yield { first, count: cut - first, endsPass: cut === end };
      first = cut;
    }
  }
}
