// Oracles: a linear model, whose random gradient is a permutation of its weights; weights in their
// old order, which change no bit; and the published failure (Adebayo et al.): guided
// backpropagation stays alike while the gradient does not, of a trained model.
import * as tf from '@tensorflow/tfjs-core';
import {
  ablationCam,
  gradCam,
  guidedBackprop,
  parameterRandomizationTest,
  smoothGrad,
  vanillaGradient,
} from 'tfjs-saliency';
import type { Model } from 'tfjs-saliency';
import { RandomWeights } from '../../src/sanity/randomWeights.js';
import { switchableModel } from '../../src/sanity/switchableModel.js';
import { weightLayers } from '../../src/sanity/weightLayers.js';
import { describeOnEachBackend, describeOnWasm } from '../backends.js';
import { images, KINDS } from '../contract/classifier.js';
import { bitsOf } from '../contract/methods.js';
import { expectError } from '../method/expectError.js';
import { humanModel } from '../model/trained.js';

const WEIGHTS = [5, -1, 3, 0.5, 7, -2];
/** Made anew in each pass, as weights are that a model dequantises. */
const weights = () => tf.tensor2d(WEIGHTS, [6, 1]);
const linear = (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, weights());

const outputsOf = (model: Model, x: tf.Tensor): tf.Tensor =>
  (typeof model === 'function' ? model(x) : model.predict(x)) as tf.Tensor;

const spreadOf = (map: tf.Tensor): number[] => [...map.dataSync()].sort((a, b) => a - b);

describeOnEachBackend('random weights', () => {
  test('of a linear model permute its gradient', async () => {
    const options = { aggregate: 'sum', seed: 1 } as const;
    const x = tf.ones([6]);
    const maps: tf.Tensor[] = [];
    for await (const step of parameterRandomizationTest.steps(
      vanillaGradient,
      linear,
      x,
      0,
      options,
    )) {
      expect([step.name, step.done, step.total]).toEqual(['BatchMatMul_0', 1, 1]);
      maps.push(step.map);
    }
    expect(maps).toHaveLength(1);
    expect(spreadOf(maps[0]!)).toEqual(spreadOf(weights()));
    expect([...maps[0]!.dataSync()]).not.toEqual(WEIGHTS);
  });

  describe.each(KINDS)('of %s', (kind, build) => {
    test('in their old order change no bit', () => {
      const { model } = build();
      const x = images(1);
      const layers = weightLayers(model, x, undefined);
      const same = new RandomWeights(0, (size) => Int32Array.from({ length: size }, (_, i) => i));
      same.randomize(layers);
      const switchable = switchableModel(model);
      // The ablation finds its layer by the kernel's number, which no hook's kernels may change.
      const results = () => [
        ablationCam(switchable.model, x, 1, { layer: -1 }),
        outputsOf(switchable.model, x),
        vanillaGradient(switchable.model, x, 1),
      ];
      const before = results();
      switchable.hook = same.hook;
      const after = results();
      expect(after.map(bitsOf)).toEqual(before.map(bitsOf));
      same.dispose();
    });

    test('are found layer by layer, with the biases, in the order of the pass', () => {
      const { model } = build();
      const layers = weightLayers(model, images(1), undefined);
      // The convolution, the three projections of the attention, the classifier.
      expect(layers.map((layer) => layer.weights.length)).toEqual([2, 1, 1, 1, 2]);
      const names = [layers[0]!.name, layers[4]!.name];
      if (kind === 'a function') expect(names).toEqual(['Conv2D_0', 'BatchMatMul_4']);
      else
        expect(names.map((name) => /conv2d.*kernel|dense.*kernel/.test(name))).toEqual([
          true,
          true,
        ]);
    });

    test('leave the model and its weights as they are, and no tensor', async () => {
      const { model } = build();
      const x = images(1);
      const before = [...outputsOf(model, x).dataSync()];
      const count = tf.memory().numTensors;
      const result = parameterRandomizationTest(vanillaGradient, model, x, 'argmax', { seed: 2 });
      const later = await parameterRandomizationTest.async(vanillaGradient, model, x, 'argmax', {
        seed: 2,
      });
      expect(later).toEqual(result);
      expect(tf.memory().numTensors).toBe(count);
      expect([...outputsOf(model, x).dataSync()]).toEqual(before);
      const { score, layers } = result;
      expect(layers).toHaveLength(5);
      const total = layers.reduce((sum, { similarity }) => sum + similarity, 0);
      expect(score).toBeCloseTo(total / 5, 12);
    });

    test('are those of the layers that the order says, the same for a seed', () => {
      const { model } = build();
      const run = (options: object) =>
        parameterRandomizationTest(gradCam, model, images(1), 1, { seed: 4, ...options }).layers;
      const names = weightLayers(model, images(1), undefined).map(({ name }) => name);
      const named = (order: string) => run({ order }).map(({ name }) => name);
      expect(named('cascading')).toEqual([...names].reverse());
      expect(named('independent')).toEqual([...names].reverse());
      expect(named('bottomUp')).toEqual(names);
      const [cascading, bottomUp, independent] = ['cascading', 'bottomUp', 'independent'].map(
        (order) => run({ order }).map(({ similarity }) => similarity),
      );
      // The last layer alone; the first layer alone; all.
      expect(independent![0]).toBe(cascading![0]);
      expect(independent![4]).toBe(bottomUp![0]);
      expect(cascading![4]).toBe(bottomUp![4]);
      expect(run({ order: 'cascading', steps: 1 })).toEqual([
        { name: names[0], similarity: cascading![4] },
      ]);
      expect(run({})).toEqual(run({}));
      expect(run({ seed: 5 })).not.toEqual(run({}));
    });

    test('reach a function of your own, smoothing too', () => {
      const { model } = build();
      const x = images(1);
      const custom = (...call: Parameters<typeof vanillaGradient>) => vanillaGradient(...call);
      const plain = parameterRandomizationTest(vanillaGradient, model, x, 'argmax');
      expect(parameterRandomizationTest(custom, model, x, 'argmax')).toEqual(plain);
      const smoothed = parameterRandomizationTest(smoothGrad, model, x, 1, {
        samples: 3,
        seed: 1,
      });
      expect(smoothed.layers.at(-1)!.similarity).toBeLessThan(0.9);
    });
  });

  test('end a run within one pass, and free all', async () => {
    const [, build] = KINDS[0]!;
    const { model } = build();
    const x = images(1);
    const count = tf.memory().numTensors;
    const controller = new AbortController();
    const run = parameterRandomizationTest.async(vanillaGradient, model, x, 'argmax', {
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done >= 2) controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    for await (const { map } of parameterRandomizationTest.steps(vanillaGradient, model, x, 1)) {
      map.dispose();
      break;
    }
    expect(tf.memory().numTensors).toBe(count);
  });

  test('a model without weights, several images and unknown options are refused', () => {
    const plain = (x: tf.Tensor) => tf.sum(x, 1, true);
    expectError(
      () => parameterRandomizationTest(vanillaGradient, plain, tf.ones([4]), 0),
      RangeError,
      'parameterRandomizationTest: model must be one with weights, such as convolutions, ' +
        "got 'none in its tfjs ops'",
    );
    expectError(
      () => parameterRandomizationTest(vanillaGradient, linear, tf.ones([2, 6]), 0),
      RangeError,
      'parameterRandomizationTest: input must be one image, got 2 of them; ' +
        'measure one after another',
    );
    expectError(
      () =>
        parameterRandomizationTest(vanillaGradient, linear, tf.ones([6]), 0, { ordr: 1 } as object),
      TypeError,
      "parameterRandomizationTest: unknown option 'ordr', did you mean 'order'?",
    );
  });
});

describeOnWasm('a trained model', () => {
  test('fails guided backpropagation, and passes the gradient', () => {
    const model = humanModel('liveness');
    const x = tf.randomUniform([1, 32, 32, 3], 0, 1, 'float32', 1);
    const run = (attribution: typeof vanillaGradient) =>
      parameterRandomizationTest(attribution, model, x, 'argmax', { aggregate: 'sum', seed: 1 });
    expect(Math.abs(run(vanillaGradient).score)).toBeLessThan(0.1);
    const { layers } = run(guidedBackprop);
    expect(layers[0]!.name).toBe('sequential_1/dense_2/MatMul');
    layers.slice(0, 3).forEach(({ similarity }) => {
      expect(similarity).toBeGreaterThan(0.5);
    });
  });
});
