/**
 * Aggregates the channels of a tensor where it lies, on a GPU for instance.
 *
 * Kernels are run by tfjs's engine, which it keeps in the global scope for all its copies: an
 * import of tfjs would make pages load it that have no tensors at all.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Step } from './channelMethods.js';

interface Engine {
  tidy(compute: () => Tensor): Tensor;
  runKernel(kernel: string, inputs: Record<string, Tensor>, attributes: object): Tensor;
}

/** Takes the steps with the last axis of a tensor; the caller owns the result. */
export function aggregateTensor(attribution: Tensor, steps: readonly Step[]): Tensor {
  // tfjs looks for a window first, and Node programs may have made one.
  const scope = globalThis as { _tfengine?: Engine; window?: { _tfengine?: Engine } };
  const engine = (scope._tfengine ?? scope.window?._tfengine)!;
  // Of Max, Sum and Mean, of Cast, and of Reshape; each kernel reads its own.
  const attributes = {
    reductionIndices: -1,
    axis: -1,
    keepDims: true,
    dtype: 'float32',
    shape: attribution.shape.slice(0, -1),
  };
  const run = (kernel: string, inputs: Record<string, Tensor>) =>
    engine.runKernel(kernel, inputs, attributes);

  /** Divides by the greatest channel first: float32 does not hold the squares of 1e-25. */
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
