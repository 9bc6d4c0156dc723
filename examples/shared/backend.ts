import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { InputError } from './run.js';

/** Makes WebAssembly tfjs's backend: the fastest of those that need nothing but Node. */
export async function useWasm(): Promise<void> {
  if (!(await setBackend('wasm')))
    throw new InputError('this machine cannot run the WebAssembly backend of TensorFlow.js');
}
