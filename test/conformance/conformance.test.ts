/**
 * Oracle: central finite differences on the cpu backend, or a closed form where a tie or a jump has
 * none.
 */
import * as tf from '@tensorflow/tfjs-core';
import '../backends.js';
import { atOne } from './atOne.js';
import type { Case } from './case.js';
import { cases } from './cases.js';
import { lengthOneCases } from './cases/lengthOne.js';
import { judge } from './judge.js';
import type { Verdict } from './judge.js';
import { ours } from './ours.js';
import { referenceOf } from './reference.js';
import type { Reference } from './reference.js';

/**
 * What is not 'right', and cannot be: the forward op itself is missing or broken there. Everything
 * else fails.
 */
const EXCEPTIONS: Record<'cpu' | 'wasm', [RegExp, Verdict['state']][]> = {
  cpu: [[/^DepthToSpace: channels first/, 'no forward']],
  wasm: [
    [/^(Fused)?Conv2D: channels first|^(FFT|Einsum|complex numbers): /, 'no forward'],
    // The outputs that rounding up adds are never written; the transposed convolution's are
    // misplaced.
    [/^(Conv2D|AvgPool|MaxPool): padding rounded up|^Conv3DBackpropInputV2: /, 'forward differs'],
  ],
};

type Row = readonly [title: string, row: Case];
const titled = (row: Case): Row => [`${row.op}: ${row.name}`, row];

async function expectRight(row: Case, reference: Reference): Promise<void> {
  const [title] = titled(row);
  // No kink is in reach of the differences.
  expect({ title, doubt: reference.doubt < 0.001 }).toEqual({ title, doubt: true });
  for (const backend of ['cpu', 'wasm'] as const) {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const verdict = await judge(row, reference, ours);
    const state = EXCEPTIONS[backend].find(([titles]) => titles.test(title))?.[1] ?? 'right';
    expect({ title, backend, ...verdict }).toMatchObject({ title, backend, state });
    expect(tf.memory().numTensors).toBe(before);
  }
}

test('there are at least 150 cases, no two of the same name', () => {
  const names = cases.map((row) => titled(row)[0]);
  expect(names.length).toBeGreaterThanOrEqual(150);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test.each(cases.map(titled))('%s', async (_, row) => {
  const reference = await referenceOf(row);
  // The case is not right only because everything is 0.
  expect(reference.gradient.some((number) => number !== 0)).toBe(true);
  await expectRight(row, reference);
});

const ops = [...new Set(cases.map(({ op }) => op))];

test.each(ops)('%s: axes of length 1', async (op) => {
  let count = lengthOneCases.filter((row) => row.op === op).length;
  for (const row of cases.filter((each) => each.op === op)) {
    for (const [cut, reference] of await atOne(row)) {
      await expectRight(cut, reference);
      count++;
    }
  }
  expect(count).toBeGreaterThan(0);
});
