/** The sweep over axes of length 1, made of the table's rows. */
import * as tf from '@tensorflow/tfjs-core';
import type { Case } from './case.js';
import { referenceOf } from './reference.js';
import type { Reference } from './reference.js';

/** The row with one axis of its input cut to length 1, for each axis in turn. */
function cutRows(row: Case): Case[] {
  // A closed form is one of the full shape.
  if (row.closedForm !== undefined) return [];
  const axes = [...row.shape.keys()].filter(
    (axis) => row.shape[axis]! > 1 && !row.uncut.includes(axis),
  );
  return axes.map((axis) => {
    const shape = row.shape.map((size, each) => (each === axis ? 1 : size));
    const values = row.values.slice(0, tf.util.sizeFromShape(shape));
    return { ...row, name: `${row.name}, at [${shape.join(', ')}]`, shape, values };
  });
}

/**
 * The rows that the sweep makes of one, with their references: where the op takes no such input,
 * since a constant of the row is too long for it or no window fits, there is none.
 *
 * Leaves the cpu backend active.
 */
export async function atOne(row: Case): Promise<[Case, Reference][]> {
  const swept: [Case, Reference][] = [];
  for (const cut of cutRows(row)) {
    const reference = await referenceOf(cut).catch(() => undefined);
    if (reference !== undefined && reference.outputs.length > 0 && isFinite(reference))
      swept.push([cut, reference]);
  }
  return swept;
}

/** tf.conv2dTranspose does not check that input and output size fit, and reads past the input. */
const isFinite = ({ outputs }: Reference): boolean => outputs.every(Number.isFinite);
