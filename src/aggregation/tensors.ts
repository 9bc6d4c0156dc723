/**
 * Aggregates the channels of a tensor on its backend.
 *
 * Kernels are run by tfjs's engine, which all copies of tfjs share in the global scope. Importing
 * tfjs would make pages without tensors load it.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Step } from './channelMethods.js';

interface Engine {
  tidy(compute: () => Tensor): Tensor;
  runKernel(kernel: string, inputs: Record<string, Tensor>, attributes: object): Tensor;
}

/** Applies the steps to the last axis of a tensor; the caller owns the result. */
export function aggregateTensor(attribution: Tensor, steps: readonly Step[]): Tensor {
  // tfjs looks for `window` first, which Node programs may have defined.
  const scope = globalThis as { _tfengine?: Engine; window?: { _tfengine?: Engine } };
  const engine = (scope._tfengine ?? scope.window?._tfengine)!;
  // For Max, Sum and Mean, for Cast, and for Reshape; a kernel ignores the others.
  const attributes = {
    reductionIndices: -1,
    axis: -1,
    keepDims: true,
    dtype: 'float32',
    shape: attribution.shape.slice(0, -1),
  };
  const run = (kernel: string, inputs: Record<string, Tensor>) =>
    engine.runKernel(kernel, inputs, attributes);

  // Divides by the greatest channel first: the square of 1e-25 underflows in float32.
  const norm = (x: Tensor): Tensor => {
    const greatest = run('Max', { x: run('Abs', { x }) });
    const like = { x: greatest };
    const condition = run('Greater', { a: greatest, b: run('ZerosLike', like) });
    const scale = run('Select', { condition, t: greatest, e: run('OnesLike', like) });
    const scaled = run('RealDiv', { a: x, b: scale });
    const squares = run('Multiply', { a: scaled, b: scaled });
    return run('Multiply', { a: run('Sqrt', { x: run('Sum', { x: squares }) }), b: greatest });
  };
  return engine.tidy(() => {
    const channels = run('Cast', { x: attribution });
    const result = steps.reduce(
      (x, step) => (step === 'Norm' ? norm(x) : run(step, { x })),
      channels,
    );
    return run('Reshape', { x: result });
  });
}
