/** The table of scores: a CSV file (RFC 4180) that grows by one row at a time. */
import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFiles } from '../shared/files.js';

export const COLUMNS = [
  'photo',
  'picture',
  'class',
  'label',
  'score',
  'samples',
  'reliability',
  'top',
  'error',
] as const;

/** What is not known is empty: of a broken photo, all but its name and the error. */
export type Row = Partial<Record<(typeof COLUMNS)[number], string>> & { readonly photo: string };

/** What a spreadsheet would run; behind apostrophes, so that they can be told apart again. */
const FORMULA = /^'*[=+\-@\t\r]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Puts an apostrophe before a formula, as spreadsheets do; numbers stay numbers. */
const inert = (text: string): string =>
  FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
/** Takes it away again. */
const asGiven = (cell: string): string =>
  cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
export const toLine = (texts: readonly string[]): string =>
  `${texts.map(inert).map(quoted).join(',')}\r\n`;
const lineOf = (row: Row): string => toLine(COLUMNS.map((column) => row[column] ?? ''));

/**
 * The cells of each whole line as they were given; what comes after the last line's end was not
 * written to its end.
 */
export function parseLines(text: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  const pattern = /"((?:[^"]|"")*)"|([^",\r\n]+)|(,)|(\r?\n)|"/g;
  for (const [found, inQuotes, plain, comma, end] of text.matchAll(pattern)) {
    if (found === '"') break; // a quote that nothing closes
    cell += inQuotes?.replaceAll('""', '"') ?? plain ?? '';
    if (comma === undefined && end === undefined) continue;
    cells.push(asGiven(cell));
    cell = '';
    if (end === undefined) continue;
    lines.push(cells);
    cells = [];
  }
  return lines;
}

function rowsOf(text: string): Row[] {
  const [, ...lines] = parseLines(text);
  const whole = lines.filter(({ length }) => length === COLUMNS.length);
  return whole.map(
    (cells) =>
      Object.fromEntries(COLUMNS.map((column, i) => [column, cells[i]!])) as unknown as Row,
  );
}

export interface Table {
  /** The photos that need no second run. */
  readonly complete: ReadonlySet<string>;
  add(row: Row): Promise<void>;
}

/**
 * Goes on with the table that there is: keeps its whole rows without an error, so that failures are
 * tried again.
 */
export async function openTable(folder: string, name: string): Promise<Table> {
  const file = path.join(folder, name);
  const before = rowsOf(await readFile(file, 'utf8').catch(() => '')).filter(
    ({ error }) => error === '',
  );
  await writeFiles(folder, { [name]: [toLine(COLUMNS), ...before.map(lineOf)].join('') });
  return {
    complete: new Set(before.map(({ photo }) => photo)),
    add: (row) => appendFile(file, lineOf(row)),
  };
}
