// Oracle: the results file, whose numbers the page shows; ratios worked out by hand.
import { readFile } from 'node:fs/promises';
import { checkReport, slowerThan } from '../../scripts/bench/check.js';
import { mergeResults, NO_RESULTS, readResults } from '../../scripts/bench/results.js';
import type { Results } from '../../scripts/bench/results.js';
import { fillPage, SPEED_PAGE } from '../../scripts/bench/speedPage.js';

const measured = { date: '2026-01-01T00:00:00Z', machine: 'a machine', loadBefore: 0 };

/** One model's gradients: a sample of so many milliseconds beside a forward pass of 100. */
const results = (model: string, sample: number, forward = 100): Results => {
  const library = { forward, gradient: 2 * forward, sample, resident: [] };
  const row = { model, backend: 'wasm', size: 224, library } as const;
  return { ...NO_RESULTS, gradients: [{ ...row, ...measured }] };
};

test("docs/speed.md has the results file's tables", async () => {
  const text = await readFile(SPEED_PAGE, 'utf8');
  expect(fillPage(text, await readResults())).toBe(text);
});

describe('a comparison with the results file', () => {
  const before = mergeResults(results('A', 150), results('B', 200));

  test('tells ratios that are worse by more than 10 %', () => {
    expect(slowerThan(before, results('A', 180))).toEqual([
      'A wasm 224: sample / forward is 1.80, was 1.50 (+20 %)',
    ]);
    expect(checkReport(before, results('A', 180))).toMatch(/^Worse by more than 10 %/);
  });

  test('does not mind a machine half as fast, nor a ratio that is better', () => {
    expect(slowerThan(before, results('A', 300, 200))).toEqual([]);
    expect(slowerThan(before, results('A', 90))).toEqual([]);
    expect(checkReport(before, results('A', 164))).toMatch(/^No ratio is worse .*\(A wasm 224\)/);
  });

  test('says when there is nothing to compare with', () => {
    expect(checkReport(before, results('C', 1))).toMatch(/^Nothing to compare with/);
  });
});

test("a run of one model replaces that model's numbers and keeps what it leaves out", () => {
  const plain = { patched: [], resident: 1, gradient: 5 };
  const [row] = results('A', 150).gradients;
  const before = mergeResults({ ...NO_RESULTS, gradients: [{ ...row!, plain }] }, results('B', 1));
  const { gradients } = mergeResults(before, results('A', 140));
  expect(gradients.map(({ model, library }) => [model, library.sample])).toEqual([
    ['A', 140],
    ['B', 1],
  ]);
  expect(gradients[0]!.plain).toEqual(plain);
});
