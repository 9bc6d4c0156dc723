/** The relevance of a model's input, by a table of LRP's rules. */
import { add, mul, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { backward } from '../gradient/backward.js';
import type { OutputGradient } from '../gradient/backward.js';
import { unconnected } from '../gradient/inputGradient.js';
import type { RecordedCall } from '../gradient/recordedCall.js';
import { unbroadcast } from '../gradient/rules/broadcast.js';
import type { RunCache } from '../gradient/runCache.js';
import type { Tape } from '../gradient/tape.js';
import { isLinear } from './linearMap.js';
import { isRescaling, preparedIds } from './preparation.js';

/**
 * Computes the relevance of the input for one score.
 *
 * Multipliers go back to the outputs of the kernels that read the prepared input; from there on it
 * is relevance that goes back. Call it inside a tidy.
 * @param tape recorded with LRP's rules, and the values of the prepared input
 * @param x the input's value
 */
export function inputRelevance(
  tape: Tape,
  x: Tensor,
  start: OutputGradient,
  cache: RunCache,
): Tensor {
  const valueOf = (id: number): Tensor => (id === tape.input.id ? x : tape.valueOf(id)!);
  const prepared = preparedIds(tape);
  const isReader = (call: RecordedCall): boolean =>
    !prepared.has(call.outputs[0]!.id) && namesIn(call, prepared).length > 0;
  const readers = tape.calls.filter(isReader);
  const ids = readers.flatMap(({ outputs }) => outputs.map(({ id }) => id));
  const multipliers = backward(tape, start, ids, cache, false);
  const relevance = new Map<number, Tensor>();
  const addTo = (id: number, r: Tensor): void => {
    const before = relevance.get(id);
    relevance.set(id, before === undefined ? r : add(before, r));
  };
  const resources = { cache, kernels: tape.kernels, tape };
  // The score may be what a model without layers has made of its input.
  if (prepared.has(start.tensorId)) {
    addTo(start.tensorId, mul(valueOf(start.tensorId), start.gradient));
  }
  for (const call of readers) {
    const cs = call.outputs.map(({ id }) => multipliers.get(id));
    if (cs.every((c) => c === undefined)) continue;
    const results = tidy(() => call.backward(cs, namesIn(call, prepared), resources));
    for (const [name, result] of Object.entries(results)) {
      const { id } = call.inputs.get(name)!;
      addTo(id, isLinear(call) ? result : mul(result, valueOf(id)));
    }
  }
  for (const call of [...tape.calls].reverse()) {
    const { id } = call.outputs[0]!;
    const r = relevance.get(id);
    if (r === undefined || !prepared.has(id)) continue;
    const [name] = namesIn(call, prepared) as [string];
    const x = call.inputs.get(name)!;
    addTo(
      x.id,
      isRescaling(call)
        ? unbroadcast(r, x.shape)
        : tidy(() => call.backward([r], [name], resources)[name]!),
    );
  }
  const result = relevance.get(tape.input.id);
  if (result === undefined) throw unconnected(tape);
  return result;
}

const namesIn = ({ inputs }: RecordedCall, ids: ReadonlySet<number>): string[] =>
  [...inputs].filter(([, { id }]) => ids.has(id)).map(([name]) => name);
