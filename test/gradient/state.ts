/** What a call may not change in tfjs. */
import * as tf from '@tensorflow/tfjs-core';

interface EngineState {
  readonly gradientDepth: number;
  readonly kernelDepth: number;
  readonly activeScope: object;
  readonly scopeStack: readonly object[];
  readonly activeTape: readonly object[] | null;
}

/** Everything but the tensors. */
export function stateOf(backend: string): object {
  const engine = tf.engine();
  const { gradientDepth, kernelDepth, activeScope, scopeStack, activeTape } =
    engine.state as unknown as EngineState;
  const kernels = tf.getKernelsForBackend(backend);
  return {
    backend: tf.getBackend(),
    runKernel: Object.getOwnPropertyDescriptor(engine, 'runKernel'),
    runKernelFunc: Object.getOwnPropertyDescriptor(engine, 'runKernelFunc'),
    kernels: kernels.map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]),
    gradients: kernels.map(({ kernelName }) => [kernelName, tf.getGradient(kernelName)]),
    flags: { ...tf.env().getFlags() },
    gradientDepth,
    kernelDepth,
    activeScope,
    scopes: scopeStack.length,
    activeTape,
  };
}

export const tensorCounts = (): object => {
  const { numTensors, numDataBuffers } = tf.memory();
  return { numTensors, numDataBuffers };
};
