// Oracle: docs/which-method.md, as `npm run evaluate` wrote it.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const read = (name: string): string => readFileSync(path.join(__dirname, '../..', name), 'utf8');
const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const namesIn = (cell: string): string[] => cell.match(/(?<=`)\w+/g) ?? [];

const [, measured] = /<!-- measured -->([^]*?)###/.exec(read('docs/which-method.md'))!;
const ranks = new Map(
  measured!
    .split('\n')
    .map(cellsOf)
    .filter(([name]) => name?.startsWith('`'))
    .map(([name, deletion, insertion, road]) => [
      namesIn(name!)[0]!,
      (Number(deletion) + Number(insertion) + Number(road)) / 3,
    ]),
);

test("README's ranks are the means of those by deletion, insertion and ROAD", () => {
  const rows = read('README.md')
    .split('\n')
    .map(cellsOf)
    .filter((cells) => cells.length === 4 && cells[0]!.startsWith('`'));
  expect(rows.length).toBeGreaterThan(10);
  for (const [names, , , rank] of rows) {
    const expected = namesIn(names!).filter((name) => ranks.has(name));
    const shown = rank === 'not measured' ? [] : rank!.split(', ').map(Number);
    expect([names, shown.length]).toEqual([names, expected.length]);
    shown.forEach((value, i) => {
      expect(Math.abs(value - ranks.get(expected[i]!)!)).toBeLessThanOrEqual(0.5);
    });
  }
  expect(ranks.get('randomMap')).toBeCloseTo(24, 0);
});
