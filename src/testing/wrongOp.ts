/** Finds the op whose gradient is wrong, by finite differences with respect to inner tensors. */
import {
  add,
  dispose,
  keep,
  mean,
  mul,
  randomNormal,
  sqrt,
  square,
  stack,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { backward } from '../gradient/backward.js';
import { withoutPairs } from '../gradient/fuse.js';
import { withKernelHook } from '../gradient/kernelHook.js';
import type { KernelHook } from '../gradient/kernelHook.js';
import { recordForward } from '../gradient/recordForward.js';
import type { CustomGradients } from '../gradient/registeredGradient.js';
import { RunCache } from '../gradient/runCache.js';
import { rules } from '../gradient/rules/index.js';
import type { Tape } from '../gradient/tape.js';
import type { Model } from '../model/model.js';
import { runModel } from '../model/runModel.js';
import type { OutputChoice } from '../model/runModel.js';
import { SAMPLES } from '../seed.js';

export interface WrongOpSearch {
  readonly model: Model;
  /** [1, ...] */
  readonly input: Tensor;
  readonly output: OutputChoice;
  readonly gradients: CustomGradients | undefined;
  readonly directions: number;
  readonly tolerance: number;
  readonly seed: number;
}

/** How far inner numbers move, as a fraction of their root mean square. */
const STEP = 0.005;

/**
 * Looks from the output back for the first tensor whose gradient is off.
 * @returns the kernel that reads it, as all behind it are right; undefined if none is found
 */
export async function findWrongOp(search: WrongOpSearch): Promise<string | undefined> {
  const { model, input, output, gradients = {} } = search;
  const forward = (x: Tensor): Tensor => runModel(model, x, output);
  const cache = new RunCache();
  const tape = recordForward(forward, input, {
    rules: withoutPairs(rules),
    gradients,
  });
  const weights = keep(randomNormal(tape.output.shape, 0, 1, 'float32', search.seed + 1));
  const inner = [...tape.calls].reverse().flatMap(({ outputs }) => outputs.map(({ id }) => id));
  const found = new Map<number, Tensor>();
  try {
    const ids = [...inner.filter((id) => id !== tape.outputId), tape.input.id];
    tidy(() => {
      const start = { tensorId: tape.outputId, gradient: weights };
      backward(tape, start, ids, cache, false).forEach((gradient, id) => {
        found.set(id, keep(gradient));
      });
    });
    for (const id of ids) {
      const gradient = found.get(id);
      if (gradient === undefined) continue;
      const kernel = id === tape.input.id ? undefined : tape.kernelIndexOf(id);
      if (kernel === undefined && id !== tape.input.id) continue;
      if (await isOff({ ...search, forward, weights, gradient, kernel })) {
        return readersOf(tape, id, found);
      }
    }
    return undefined;
  } finally {
    tape.dispose();
    cache.dispose();
    dispose([weights, ...found.values()]);
  }
}

interface Place extends WrongOpSearch {
  readonly forward: (x: Tensor) => Tensor;
  /** Of the outputs in the score. */
  readonly weights: Tensor;
  /** Of the score with respect to what the kernel computes, or to the input. */
  readonly gradient: Tensor;
  /** The number of the kernel; undefined for the input. */
  readonly kernel: number | undefined;
}

async function isOff(place: Place): Promise<boolean> {
  const { directions, seed, tolerance } = place;
  const pairs = tidy(() =>
    stack(
      Array.from({ length: directions }, (_, i) => differenceAt(place, seed * SAMPLES + i + 1)),
    ),
  );
  const numbers = await pairs.data();
  pairs.dispose();
  const column = (first: number) =>
    Array.from({ length: directions }, (_, i) => numbers[2 * i + first]!);
  const [differences, expected] = [column(0), column(1)];
  const error = Math.hypot(...differences.map((value, i) => value - expected[i]!));
  return error > tolerance * Math.hypot(...differences, ...expected);
}

/** Computes the difference of the score over a small move, and what the gradient says: [2]. */
function differenceAt(place: Place, seed: number): Tensor {
  const { input, forward, weights, gradient, kernel } = place;
  let moved: Tensor | undefined;
  const moveOf = (value: Tensor): Tensor => {
    const drawn = randomNormal(value.shape, 0, 1, 'float32', seed);
    // Kept, because the scope of an op inside the model would free it.
    return keep(mul(drawn, mul(STEP, sqrt(mean(square(value))))));
  };
  const scoreAfter = (move: (value: Tensor, by: Tensor) => Tensor): Tensor => {
    if (kernel === undefined)
      return sum(mul(forward(move(input, (moved ??= moveOf(input)))), weights));
    const hook: KernelHook = {
      output: ({ index }, value) =>
        index === kernel ? move(value, (moved ??= moveOf(value))) : undefined,
    };
    return sum(
      mul(
        withKernelHook(hook, () => forward(input)),
        weights,
      ),
    );
  };
  const difference = sub(scoreAfter(add), scoreAfter(sub));
  const expected = mul(2, sum(mul(gradient, moved!)));
  moved!.dispose();
  return stack([difference, expected]);
}

/** Names the kernels that read a tensor and that the score depends on. */
function readersOf(tape: Tape, id: number, found: ReadonlyMap<number, Tensor>): string {
  const readers = tape
    .consumersOf(id)
    .filter(({ outputs }) =>
      outputs.some((output) => output.id === tape.outputId || found.has(output.id)),
    );
  return [...new Set(readers.map(({ kernel }) => kernel))].join(' or ');
}
