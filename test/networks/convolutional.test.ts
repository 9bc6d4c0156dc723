// Whole networks, narrow, with fixed random weights. Oracles: differences of the log probability
// along random directions, and one form of the network and one backend against the other.
import * as tf from '@tensorflow/tfjs-core';
import '../backends.js';
import { ARCHITECTURES } from './architectures/index.js';
import { distance, gradientOf, imageOf, slopeError } from './compare.js';
import { asFunction, weightsOf } from './functionBuilder.js';
import { asGraphModel } from './graphBuilder.js';
import { asLayersModel } from './layersBuilder.js';

test.each(ARCHITECTURES.map((network) => [network.name, network] as const))(
  'the gradient of %s',
  async (_, network) => {
    await tf.setBackend('wasm');
    const weights = weightsOf(network);
    const forms = () => ({
      layers: asLayersModel(network, weights),
      graph: asGraphModel(network, weights),
      function: asFunction(network, weights),
    });
    const x = imageOf(network.size);
    const { layers } = forms();
    const gradient = gradientOf(layers, x);
    for (const seed of [1, 2]) expect(slopeError(layers, x, gradient, seed)).toBeLessThan(0.05);

    for (const backend of ['wasm', 'cpu'] as const) {
      await tf.setBackend(backend);
      const image = imageOf(network.size);
      const { graph, ...others } = forms();
      // The slow backend is compared in one form: wasm has compared the forms.
      const compared = backend === 'cpu' ? { graph } : { graph, ...others };
      for (const [form, model] of Object.entries(compared)) {
        // Rounding differs, and decides at a few of the rectifiers.
        const apart = distance(gradientOf(model, image), gradient);
        expect({ backend, form, apart, close: apart < 1e-3 }).toMatchObject({ close: true });
      }
    }
  },
);
