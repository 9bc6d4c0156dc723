import { mul, setBackend, stack, sum, tensor4d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { serveSaliency } from 'tfjs-saliency/worker';
import { SIDE, weights } from './pictures.js';

await setBackend('cpu');

serveSaliency({
  load: () => (x) => {
    const score = sum(mul(x, tensor4d(weights, [1, SIDE, SIDE, 3])), [1, 2, 3]);
    return stack([score, score], 1);
  },
});
