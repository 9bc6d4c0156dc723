/** WebGPU in Node, by Dawn: what tfjs's backend asks of a page's `navigator`. */
import { InputError } from './run.js';

/** Gives this thread a GPU, and loads tfjs's backend for it. */
export async function provideWebgpu(): Promise<void> {
  if ((globalThis.navigator as { gpu?: unknown } | undefined)?.gpu === undefined) {
    const { create, globals } = await import('webgpu').catch(() => {
      throw new InputError('--backend webgpu needs the npm package webgpu: npm install webgpu');
    });
    const gpu = create([]);
    if ((await gpu.requestAdapter()) === null) {
      throw new InputError(
        'no GPU was found for --backend webgpu: on Linux, install libvulkan1 and the driver of ' +
          'the card; VK_ICD_FILENAMES names a driver that is elsewhere',
      );
    }
    Object.assign(globalThis, globals);
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  }
  await import('@tensorflow/tfjs-backend-webgpu');
}
