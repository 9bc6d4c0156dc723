/** Clocks and counters around a function of tfjs ops. */
import { engine, memory, util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/** Milliseconds after which nothing is timed again, however many runs are wanted. */
const BUDGET = 5000;

/** The milliseconds that each run took. */
export async function times(run: () => Promise<void>, runs: number): Promise<number[]> {
  const all: number[] = [];
  const start = performance.now();
  while (all.length < runs && performance.now() - start < BUDGET) {
    const before = performance.now();
    await run();
    all.push(performance.now() - before);
  }
  return all;
}

/** Waits until the backend is done, and frees. */
export async function finish(result: Tensor): Promise<void> {
  await result.data();
  result.dispose();
}

/**
 * The process's memory without what the garbage collector would take; node has to run with
 * --expose-gc.
 */
export function residentBytes(): number {
  globalThis.gc!();
  // The first leaves freed buffers to a thread in the background, for which the second waits.
  globalThis.gc!();
  return process.memoryUsage().rss;
}

export interface Counts {
  /** Two for each multiplication and addition of the convolutions and matrix products. */
  readonly flops: number;
  /** The greatest number of tensors alive, without those there were before. */
  readonly peakTensors: number;
}

/** What the kernels of one run do: every op of tfjs goes through the engine's `runKernel`. */
export function count(run: () => void): Counts {
  const target = engine();
  const runKernel = target.runKernel.bind(target);
  const before = memory().numTensors;
  let [flops, peakTensors] = [0, 0];
  target.runKernel = <T extends Tensor | Tensor[]>(
    kernel: string,
    inputs: NamedTensorMap,
    attrs: NamedAttrMap = {},
  ) => {
    const result = runKernel<T>(kernel, inputs, attrs);
    flops += 2 * multiplications(kernel, inputs, attrs, result);
    peakTensors = Math.max(peakTensors, memory().numTensors - before);
    return result;
  };
  try {
    run();
  } finally {
    Reflect.deleteProperty(target, 'runKernel');
  }
  return { flops, peakTensors };
}

function multiplications(
  kernel: string,
  inputs: NamedTensorMap,
  attrs: NamedAttrMap,
  result: Tensor | Tensor[],
): number {
  const output = result as Tensor;
  switch (kernel) {
    case 'Conv2D':
    case 'FusedConv2D':
      return output.size * perOutput(inputs['filter']!);
    case 'DepthwiseConv2dNative':
    case 'FusedDepthwiseConv2D':
      return output.size * windowOf(inputs['filter']!);
    case 'Conv2DBackpropInput':
      return inputs['dy']!.size * perOutput(inputs['filter']!);
    case 'DepthwiseConv2dNativeBackpropInput':
      return inputs['dy']!.size * windowOf(inputs['filter']!);
    case 'BatchMatMul':
    case '_FusedMatMul':
      return output.size * inputs['a']!.shape.at(attrs['transposeA'] ? -2 : -1)!;
    default:
      return 0;
  }
}

/** [kh, kw, c, d] -> kh kw c */
const perOutput = ({ shape }: Tensor): number => util.sizeFromShape(shape.slice(0, 3));
/** [kh, kw, c, m] -> kh kw */
const windowOf = ({ shape }: Tensor): number => util.sizeFromShape(shape.slice(0, 2));
