/** The tables of docs/speed.md, which stand between `<!-- table NAME -->` and `<!-- end -->`. */
import path from 'node:path';
import { dispatchesTable } from './dispatchesTable.js';
import { exactnessTable } from './exactnessTable.js';
import { methodsTable } from './methods.js';
import { pictureTable } from './pictureTable.js';
import { footnotesOf, samplesTable, torchTable } from './speedTables.js';
import type { Results } from './results.js';
import { workersTable } from './workers.js';

export const SPEED_PAGE = path.resolve('docs/speed.md');

const TABLES: Readonly<Record<string, (results: Results) => string>> = {
  samples: ({ gradients }) => {
    const rows = gradients.filter(({ backend }) => backend === 'wasm');
    return [samplesTable(rows), ...footnotesOf(rows)].join('\n\n');
  },
  torch: ({ gradients, workers }) =>
    torchTable(
      gradients.filter(({ torch }) => torch !== undefined),
      workers,
    ),
  workers: ({ workers }) => workersTable(workers),
  methods: ({ methods }) => methodsTable(methods),
  pictures: ({ pictures }) => pictureTable(pictures),
  dispatches: ({ dispatches }) => dispatchesTable(dispatches),
  exactness: ({ exactness }) => exactnessTable(exactness),
};

/** Replaces the tables in the page's text by those of the results. */
export function fillPage(text: string, results: Results): string {
  return text.replace(
    /(<!-- table (\w+) -->)[^]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) =>
      `${start}\n\n${TABLES[name]!(results)}\n\n${end}`,
  );
}
