/**
 * The gradient of rectifiers as one program on a GPU, where its backend's own kernels take two to
 * four.
 */
import { engine, env } from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { webglProgram } from './webglProgram.js';
import type { WebGLProgram } from './webglProgram.js';
import { webgpuProgram } from './webgpuProgram.js';
import type { WebGPUProgram } from './webgpuProgram.js';

/** The functions of tfjs's GPU backends that run programs of others. */
interface GpuBackend {
  compileAndRun?(program: WebGLProgram, inputs: TensorInfo[], dtype: string): TensorInfo;
  runWebGPUProgram?(program: WebGPUProgram, inputs: TensorInfo[], dtype: string): TensorInfo;
}

/**
 * Computes dy where 0 < y < ceiling, else 0.
 * @returns undefined where the backend runs no such programs
 */
export function rectifierGradient(dy: Tensor, y: Tensor, ceiling: number): Tensor | undefined {
  const { backendName } = engine();
  if (backendName !== 'webgl' && backendName !== 'webgpu') return undefined;
  if (dy.dtype !== 'float32' || y.dtype !== 'float32' || dy.size === 0) return undefined;
  const backend = engine().backend as GpuBackend;
  const run = backendName === 'webgl' ? runOnWebGL : runOnWebGPU;
  const output = run(backend, [dy, y], ceiling);
  return output && (engine().makeTensorFromTensorInfo(output) as Tensor);
}

function runOnWebGL(backend: GpuBackend, inputs: Tensor[], ceiling: number) {
  const isPacked = env().getBool('WEBGL_PACK_BINARY_OPERATIONS');
  const program = webglProgram(inputs[0]!.shape, ceiling, isPacked);
  return backend.compileAndRun?.(program, inputs, 'float32');
}

const runOnWebGPU = (backend: GpuBackend, inputs: Tensor[], ceiling: number) =>
  backend.runWebGPUProgram?.(webgpuProgram(inputs[0]!.shape, ceiling), inputs, 'float32');
