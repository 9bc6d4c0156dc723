import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { InputError } from './run.js';

/** What computes, in Node. */
export const BACKENDS = ['wasm', 'webgpu'] as const;

export type BackendName = (typeof BACKENDS)[number];

export const backendOptions = { backend: { type: 'string', default: 'wasm' } } as const;

export const backendUsage = `  --backend NAME  wasm; or webgpu, a GPU by npm's webgpu and the card's driver for Vulkan, Metal or Direct3D (wasm)`;

/** @throws InputError if there is no such backend */
export function backendNamed(name: string): BackendName {
  const known = BACKENDS.find((backend) => backend === name);
  if (known !== undefined) return known;
  throw new InputError(`--backend must be ${BACKENDS.join(' or ')}, got '${name}'`);
}

/** Makes WebAssembly tfjs's backend: the fastest of those that need nothing but Node. */
export const useWasm = (): Promise<void> => useBackend('wasm');

/** Makes a backend that of tfjs. @throws InputError if this machine cannot run it */
export async function useBackend(name: BackendName): Promise<void> {
  if (name === 'webgpu') await (await import('./webgpu.js')).provideWebgpu();
  if (!(await setBackend(name)))
    throw new InputError(`this machine cannot run the ${name} backend of TensorFlow.js`);
}
