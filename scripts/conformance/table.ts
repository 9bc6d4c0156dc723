/** The table op x backend as text. */
import { BACKENDS, WAYS } from './verdicts.js';
import type { Backend, Results, Row, Way } from './verdicts.js';

const STATES = ['right', 'wrong', 'throws', 'forward differs', 'no forward'] as const;

/**
 * One line per op, with the number of right cases of each way; then what is not right, and the
 * totals.
 */
export function tableOf({ rows, networks }: Results): string {
  const cell = (text: string | number): string => String(text).padStart(8);
  const of = (backend: Backend, way: Way): readonly Row[] =>
    rows.filter((row) => row.backend === backend && row.way === way);
  const columns = BACKENDS.flatMap((backend) => WAYS.map((way) => of(backend, way)));
  const ops = [...new Set(rows.map(({ op }) => op))];
  const lines = ops.map((op) => {
    const own = columns.map((column) => column.filter((row) => row.op === op));
    const right = own.map((column) => cell(column.filter(({ state }) => state === 'right').length));
    return op.padEnd(24) + cell(own[0]!.length) + right.join('');
  });
  return [
    'Right cases of each op: the library, and plain tf.grad',
    '',
    ''.padEnd(32) + BACKENDS.map((backend) => backend.padStart(16)).join(''),
    'op'.padEnd(24) + cell('cases') + BACKENDS.flatMap(() => WAYS.map(cell)).join(''),
    ...lines,
    '',
    ...notRight(rows.filter(({ way }) => way === 'ours')),
    '',
    'Totals'.padEnd(24) + STATES.map((state) => state.padStart(16)).join(''),
    ...BACKENDS.flatMap((backend) =>
      WAYS.map((way) => totalsOf(`${backend}, ${way}`, of(backend, way))),
    ),
    '',
    "Whole networks: distance of each gradient from the cpu's, relative to its length",
    ''.padEnd(24) + BACKENDS.map((backend) => backend.padStart(16)).join(''),
    ...networks.map(({ name, distances }) => {
      return name.padEnd(24) + distances.map((each) => each.toExponential(1).padStart(16)).join('');
    }),
  ].join('\n');
}

/** Each case that the library has not right, with the reason. */
function notRight(rows: readonly Row[]): string[] {
  const reasons = rows
    .filter(({ state }) => state !== 'right')
    .map((row) => {
      const why = row.message?.split('\n')[0] ?? `relative error ${row.error?.toPrecision(2)}`;
      return `  ${row.backend}, ${row.op}: ${row.name}: ${row.state} (${why})`;
    });
  return reasons.length === 0
    ? ['Every case of the library is right.']
    : ['Not right with the library:', ...reasons];
}

function totalsOf(title: string, rows: readonly Row[]): string {
  const counts = STATES.map((state) => rows.filter((row) => row.state === state).length);
  return title.padEnd(24) + counts.map((count) => String(count).padStart(16)).join('');
}
