// Oracle: the library's list of methods, and each method's own defaults.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as library from 'tfjs-saliency';
import { METHODS } from '../contract/methods.js';

const page = readFileSync(path.join(__dirname, '../../docs/methods.md'), 'utf8');
const [, table] = /<!-- methods -->([^]*?)<!-- end -->/.exec(page)!;
const rows = table!
  .trim()
  .split('\n')
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test('the table names each method once, and nothing else', () => {
  const names = rows.map(([name]) => name!.replaceAll('`', ''));
  const expected = [...METHODS.map(([name]) => name), library.smoothGrad.name];
  expect(names.sort()).toEqual(expected.sort());
});

test('each row says all that it has to', () => {
  for (const row of rows) {
    expect(row).toHaveLength(6);
    expect(row).not.toContain('');
    const [, , , gradient, checks, paper] = row;
    expect(['yes', 'no']).toContain(gradient);
    expect(['pass', 'fails', 'not of a class', 'by composite', 'not studied']).toContain(checks);
    expect(paper).toMatch(/^\[.+\]\(https:\/\/.+\)$/);
  }
});

test('costs that are a number of samples are those of the defaults', () => {
  const tables = new Map(METHODS);
  for (const [name, , cost] of rows) {
    const samples = /^samples(?: \+ 2)? = (\d+)$/.exec(cost!)?.[1];
    if (samples === undefined) continue;
    const option = tables.get(name!.replaceAll('`', ''))!.table['samples']!;
    expect([name, Number(samples) - (cost!.includes('+ 2') ? 2 : 0)]).toEqual([
      name,
      option.defaultValue(),
    ]);
  }
});
