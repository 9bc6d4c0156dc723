/**
 * Oracle: central finite differences on the cpu backend, or a closed form where a tie or a jump has
 * none.
 */
import * as tf from '@tensorflow/tfjs-core';
import '../backends.js';
import { cases } from './cases.js';
import { judge } from './judge.js';
import type { Verdict } from './judge.js';
import { ours } from './ours.js';
import { referenceOf } from './reference.js';

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

test('there are at least 150 cases, no two of the same name', () => {
  const names = cases.map(({ op, name }) => `${op}: ${name}`);
  expect(names.length).toBeGreaterThanOrEqual(150);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test.each(cases.map((row) => [`${row.op}: ${row.name}`, row] as const))(
  '%s',
  async (title, row) => {
    const reference = await referenceOf(row);
    // No kink is in reach of the differences, and the case is not right only because everything is
    // 0.
    expect(reference.doubt).toBeLessThan(0.001);
    expect(reference.gradient.some((number) => number !== 0)).toBe(true);
    for (const backend of ['cpu', 'wasm'] as const) {
      await tf.setBackend(backend);
      const before = tf.memory().numTensors;
      const verdict = await judge(row, reference, ours);
      const state = EXCEPTIONS[backend].find(([titles]) => titles.test(title))?.[1] ?? 'right';
      expect({ backend, ...verdict }).toMatchObject({ backend, state });
      expect(tf.memory().numTensors).toBe(before);
    }
  },
);
