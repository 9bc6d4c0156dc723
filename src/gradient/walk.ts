/** The way back through a record, freeing as it goes. */
import { add, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { shareInScope } from './engine.js';
import { GradientError } from './gradientError.js';
import type { Record } from './record.js';
import type { InputGradients, RecordedCall } from './recordedCall.js';
import type { RunCache } from './runCache.js';

/** Where the walk begins: the gradient of the score by one recorded tensor. */
export interface Seed {
  readonly tensorId: number;
  readonly gradient: Tensor;
}

/**
 * @param release whether each call's saved tensors go once it is passed; the last walk through a
 * record wants that
 * @returns the gradient by the record's input, or undefined if the seed does not depend on it
 */
export function walk(
  record: Record,
  seed: Seed,
  cache: RunCache,
  release: boolean,
): Tensor | undefined {
  const gradients = new Map<number, Tensor>([[seed.tensorId, shareInScope(seed.gradient)]]);
  for (const call of [...record.calls].reverse()) {
    const dys = call.outputs.map(({ id }) => gradients.get(id));
    if (dys.some((dy) => dy !== undefined)) {
      const results = backward(call, dys, cache);
      for (const { id } of call.outputs) gradients.delete(id);
      dys.forEach((dy) => dy?.dispose());
      for (const [name, gradient] of Object.entries(results))
        accumulate(gradients, call.inputs.get(name)!.id, gradient);
    }
    if (release) call.release();
  }
  const result = gradients.get(record.inputId);
  gradients.forEach((gradient) => {
    if (gradient !== result) gradient.dispose();
  });
  return result;
}

/** The gradients by the call's dependent inputs, each a tensor of its own. */
function backward(
  call: RecordedCall,
  dys: readonly (Tensor | undefined)[],
  cache: RunCache,
): InputGradients {
  return tidy(() => {
    const results = call.backward(dys, cache);
    const taken = new Set<number>(dys.map((dy) => dy?.id ?? -1));
    for (const [name, gradient] of Object.entries(results)) {
      const { shape } = call.inputs.get(name)!;
      if (gradient.shape.join() !== shape.join()) {
        throw new GradientError(
          `the gradient of ${call.kernel} by its input '${name}' must have shape [${shape.join(', ')}], ` +
            `got [${gradient.shape.join(', ')}]: the gradient registered for it is wrong`,
          { op: call.kernel },
        );
      }
      // A rule may pass dy on as it is, and to two inputs at once.
      if (taken.has(gradient.id)) results[name] = shareInScope(gradient);
      else taken.add(gradient.id);
    }
    return results;
  });
}

function accumulate(gradients: Map<number, Tensor>, id: number, gradient: Tensor): void {
  const before = gradients.get(id);
  if (before === undefined) {
    gradients.set(id, gradient);
    return;
  }
  gradients.set(id, add(before, gradient));
  before.dispose();
  gradient.dispose();
}
