/**
 * `npm run bench -- --check`: what has got slower since the results file was written.
 *
 * Times of different days and machines do not compare; ratios of times that were taken in one
 * process do.
 */
import { totalDispatches } from './dispatchesTable.js';
import { keyOf } from './results.js';
import type { Results } from './results.js';

/** Greater is worse. */
type Ratios = Readonly<Record<string, number>>;

/** What counts as slower. */
export const TOLERANCE = 1.1;

function ratiosOf({ gradients, workers, dispatches }: Results): Map<string, Ratios> {
  const all = new Map<string, Ratios>();
  const addRatios = (row: { model: string }, ratios: Ratios): void => {
    all.set(keyOf(row), { ...all.get(keyOf(row)), ...ratios });
  };
  for (const row of gradients) {
    const { forward, sample, gradient, gradCamPerForward, resident } = row.library;
    addRatios(row, {
      'sample / forward': sample / forward,
      'single gradient / forward': gradient / forward,
      ...(gradCamPerForward !== undefined && { 'gradCam / forward': gradCamPerForward }),
      ...(resident.length > 0 && { 'resident memory': resident.at(-1)!.bytes / 1e9 }),
      ...(row.torch && { "sample / PyTorch's gradient": sample / row.torch.gradient }),
    });
  }
  for (const row of workers) {
    addRatios(row, {
      'seconds with 2 workers / with 1': row.one.samplesPerSecond / row.two.samplesPerSecond,
      'resident memory with 2 workers': row.two.resident / 1e9,
    });
  }
  for (const row of dispatches) {
    addRatios(row, { 'kernels per sample': totalDispatches(row.sample) });
  }
  return all;
}

/** Lists what is worse in `results` than in `before` by more than a tenth, a line each. */
export function slowerThan(before: Results, results: Results): string[] {
  const known = ratiosOf(before);
  // What a run leaves out, PyTorch say, is not compared.
  return [...ratiosOf(results)].flatMap(([key, ratios]) =>
    Object.entries(ratios).flatMap(([name, ratio]) => {
      const expected = known.get(key)?.[name];
      if (expected === undefined || ratio <= TOLERANCE * expected) return [];
      const percent = Math.round(100 * (ratio / expected - 1));
      return [`${key}: ${name} is ${ratio.toFixed(2)}, was ${expected.toFixed(2)} (+${percent} %)`];
    }),
  );
}

/** Says what is slower, or how much was compared. */
export function checkReport(before: Results, results: Results): string {
  const slower = slowerThan(before, results);
  const known = ratiosOf(before);
  const compared = [...ratiosOf(results).keys()].filter((key) => known.has(key));
  if (compared.length === 0)
    return 'Nothing to compare with: the results file has none of these.\n';
  const list = slower.map((line) => `- ${line}`).join('\n');
  return slower.length === 0
    ? `No ratio is worse by more than 10 % than in the results file (${compared.join(', ')}).\n`
    : `Worse by more than 10 % than in the results file:\n${list}\n`;
}
