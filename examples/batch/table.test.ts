import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import { COLUMNS, openTable, parseLines, toLine } from './table.js';

const folder = temporaryFolder();
const header = 'photo,picture,class,label,score,samples,reliability,top,error\r\n';

test('cells with commas, quotes and line ends survive, as RFC 4180 has them', () => {
  const cells = ['plain', '', 'a,b', 'say "no"', '"', 'two\r\nlines', '  '];
  expect(toLine(cells)).toBe('plain,,"a,b","say ""no""","""","two\r\nlines",  \r\n');
  expect(parseLines(toLine(cells) + toLine(['']) + toLine(cells))).toEqual([cells, [''], cells]);
});

test('formulas are written so that no spreadsheet runs them, and read as they were', () => {
  const formulas = ['=1+2', '+cmd', '-cat.jpg', '@SUM(A1)', '\t=1', '\r=1', "'=1", "''-", '-'];
  const numbers = ['-0.25', '+3', '-1e-7', '-.5', "it's", "'quoted'", ''];
  const line = toLine([...formulas, ...numbers]);
  for (const cell of line.replace(/\r\n$/, '').split(',').slice(0, formulas.length))
    expect(cell).toMatch(/^"?'/);
  expect(toLine(numbers)).toBe(`${numbers.join(',')}\r\n`);
  expect(parseLines(line)).toEqual([[...formulas, ...numbers]]);
});

test('any cells are read as they were written', () => {
  const text = fc.stringMatching(/^[=+\-@'"\t\r\n,a1. ]*$/);
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), (cells) => {
      expect(parseLines(toLine(cells))).toEqual([cells]);
    }),
    { seed: 1 },
  );
});

test('a line that was not written to its end is no line', () => {
  expect(parseLines('a,b\r\nc,d')).toEqual([['a', 'b']]);
  expect(parseLines('a,b\r\n"c\r\n')).toEqual([['a', 'b']]);
});

test('a table begins with its header and grows row by row', async () => {
  const table = await openTable(folder, 'new.csv');
  await table.add({ photo: 'a, b.jpg', class: '3', label: 'hot dog' });
  expect(readFileSync(path.join(folder, 'new.csv'), 'utf8')).toBe(
    `${header}"a, b.jpg",,3,hot dog,,,,,\r\n`,
  );
  expect([...table.complete]).toEqual([]);
});

test('whole rows without an error are kept, the others are forgotten', async () => {
  const file = path.join(folder, 'old.csv');
  const row = (photo: string, error: string) =>
    toLine(COLUMNS.map((column) => (({ photo, error }) as Record<string, string>)[column] ?? ''));
  writeFileSync(file, header + row('a.jpg', '') + row('b.jpg', 'no image') + row('c.jpg', ''));
  appendFileSync(file, 'd.jpg,d.jpg.png,3');
  const table = await openTable(folder, 'old.csv');
  expect([...table.complete]).toEqual(['a.jpg', 'c.jpg']);
  expect(readFileSync(file, 'utf8')).toBe(header + row('a.jpg', '') + row('c.jpg', ''));
});
