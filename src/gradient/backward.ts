/** Backpropagation along a tape, which frees tensors as it goes. */
import { add, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { toBeNamed } from '../inFunction.js';
import { shareInScope } from './engine.js';
import { GradientError } from './gradientError.js';
import type { InputGradients, RecordedCall, Resources } from './recordedCall.js';
import type { RunCache } from './runCache.js';
import type { Tape } from './tape.js';

/** The gradient of the score with respect to one recorded tensor, where backpropagation begins. */
export interface OutputGradient {
  readonly tensorId: number;
  readonly gradient: Tensor;
}

/**
 * Computes the gradients with respect to some recorded tensors, going no further back than these.
 *
 * Call it inside a tidy.
 * @param targetIds the tensors; the tape's input, or any that a recorded kernel returned
 * @param release whether to free each call's saved tensors once it is passed: the tape's last use
 * @returns gradients by tensor id, without the targets that the score does not depend on
 */
export function backward(
  tape: Tape,
  { tensorId, gradient: start }: OutputGradient,
  targetIds: readonly number[],
  cache: RunCache,
  release: boolean,
): Map<number, Tensor> {
  const resources = { cache, kernels: tape.kernels, tape };
  const reached = dependentsOf(tape, targetIds);
  const gradients = new Map<number, Tensor>([[tensorId, shareInScope(start)]]);
  for (const call of [...tape.calls].reverse()) {
    const dys = call.outputs.map(({ id }) => gradients.get(id));
    const names = namesReached(call, reached);
    if (names.length > 0 && dys.some((dy) => dy !== undefined)) {
      const results = inputGradients(call, dys, names, resources);
      call.outputs.forEach(({ id }, i) => {
        if (targetIds.includes(id)) return;
        gradients.delete(id);
        dys[i]?.dispose();
      });
      for (const [name, gradient] of Object.entries(results)) {
        accumulate(gradients, call.inputs.get(name)!.id, gradient);
      }
    }
    if (release) call.release();
  }
  for (const [id, gradient] of gradients) {
    if (targetIds.includes(id)) continue;
    gradients.delete(id);
    gradient.dispose();
  }
  return gradients;
}

/** Finds the targets and all that is computed from them: nothing else needs a gradient. */
function dependentsOf(tape: Tape, targetIds: readonly number[]): ReadonlySet<number> {
  const reached = new Set(targetIds);
  for (const call of tape.calls) {
    if (namesReached(call, reached).length === 0) continue;
    call.outputs.forEach(({ id }) => reached.add(id));
  }
  return reached;
}

/** Lists the names of the inputs that need a gradient. */
function namesReached({ inputs }: RecordedCall, reached: ReadonlySet<number>): string[] {
  return [...inputs].filter(([, input]) => reached.has(input.id)).map(([name]) => name);
}

/** Computes the gradients with respect to a call's inputs, as separate tensors. */
function inputGradients(
  call: RecordedCall,
  dys: readonly (Tensor | undefined)[],
  names: readonly string[],
  resources: Resources,
): InputGradients {
  return tidy(() => {
    const results = call.backward(dys, names, resources);
    const usedIds = new Set<number>(dys.map((dy) => dy?.id ?? -1));
    for (const [name, gradient] of Object.entries(results)) {
      checkShape(call, name, gradient);
      // A rule may pass dy on as it is, and to two inputs at once.
      if (usedIds.has(gradient.id)) results[name] = shareInScope(gradient);
      else usedIds.add(gradient.id);
    }
    return results;
  });
}

function checkShape({ kernel, inputs }: RecordedCall, name: string, gradient: Tensor): void {
  const { shape } = inputs.get(name)!;
  if (gradient.shape.join() === shape.join()) return;
  throw toBeNamed(
    new GradientError(
      `the gradient of ${kernel} with respect to its input '${name}' must have shape ` +
        `[${shape.join(', ')}], got [${gradient.shape.join(', ')}]: ` +
        `the gradient registered for it is wrong`,
      { op: kernel },
    ),
  );
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
