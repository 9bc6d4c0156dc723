/** A Web Worker whose models do what the page asks for. */
import { matMul, mul, reshape, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { serveSaliency } from 'tfjs-saliency/worker';

// Before it serves, so that calls have to wait.
await setBackend('cpu');

serveSaliency({
  load(spec: string) {
    if (spec === 'close') self.close();
    if (spec === 'throw') {
      setTimeout(() => {
        throw new Error('out of luck');
      });
    }
    if (spec !== 'sum') return new Promise<never>(() => undefined);
    return (x) => {
      const rows = reshape(x, [x.shape[0]!, -1]) as Tensor2D;
      return matMul(
        mul(rows, 2),
        tensor2d(new Float32Array(2 * rows.shape[1]).fill(1), [rows.shape[1], 2]),
      );
    };
  },
});
