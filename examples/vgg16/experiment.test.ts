import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { createPreprocessing, vgg16 } from 'tfjs-saliency';
import { describeOnWasm } from '../../test/backends.js';
import { buildVgg16 } from './buildVgg16.js';
import { runExperiment } from './experiment.js';
import { comparison } from './figure.js';
import { articleSample, meanOf } from './testing/articleOracle.js';
import { narrow, narrowLayers } from './testing/narrowVgg16.js';

const preprocess = createPreprocessing({ ...vgg16.options, inputSize: [32, 32] });
const photo = {
  data: Uint8ClampedArray.from(
    { length: 40 * 50 * 3 },
    (_, i) => 128 + 127 * Math.sin(i / 97) * Math.cos(i / 13),
  ),
  width: 50,
  height: 40,
};

function narrowVgg16() {
  const model = buildVgg16(narrow);
  for (const { name, weights } of narrowLayers()) {
    if (weights.length === 0) continue;
    const values = weights.map(({ bytes, shape }) => {
      const { buffer } = new Uint8Array(Buffer.from(bytes!, 'base64'));
      return tf.tensor(new Float32Array(buffer), shape);
    });
    model.getLayer(name).setWeights(values);
    tf.dispose(values);
  }
  return model;
}

/** Every input the model is given, once, without the clean one. */
function recordNoisyInputs(model: ReturnType<typeof narrowVgg16>) {
  const clean = preprocess.preprocess(photo);
  const cleanKey = clean.dataSync().join();
  clean.dispose();
  const noisy = new Map<string, Float32Array>();
  const recorder = {
    inputs: model.inputs,
    predict(x: tf.Tensor) {
      const values = x.dataSync<'float32'>().slice();
      if (values.join() !== cleanKey) noisy.set(values.join(), values);
      return model.predict(x) as tf.Tensor;
    },
  };
  return { recorder, noisyInputs: () => [...noisy.values()] };
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  const scale = Math.max(...expected);
  expect(scale).toBeGreaterThan(0);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
  // float32 through 16 layers, summed in another order.
  expect(worst / scale).toBeLessThan(1e-4);
}

describeOnWasm('the experiment', () => {
  let model: ReturnType<typeof narrowVgg16>;
  beforeAll(() => {
    model = narrowVgg16();
  });
  afterAll(() => {
    model.dispose();
  });

  test("maps are the article's formula by tf.grad, of the very inputs the model saw", async () => {
    const { recorder, noisyInputs } = recordNoisyInputs(model);
    const { gradient, steps } = await runExperiment(recorder, photo, { samples: 12, preprocess });
    expect(steps.map(({ samples }) => samples)).toEqual([1, 2, 3, 10, 12]);
    expect(steps.map(({ map }) => map.shape)).toEqual(steps.map(() => [32, 32]));
    expect(noisyInputs().length).toBe(12);
    const maps = steps.map(({ map }) => map.dataSync<'float32'>());
    const noiseless = gradient.dataSync<'float32'>();

    await tf.setBackend('cpu');
    const oracle = noisyInputs().map((values) =>
      tf.tidy(() => articleSample(model, tf.tensor(values, [1, 32, 32, 3]))),
    );
    // Otherwise a label taken once for all would pass.
    expect(new Set(oracle.map(({ label }) => label)).size).toBeGreaterThan(1);
    steps.forEach(({ samples }, i) => {
      expectClose(maps[i]!, meanOf(oracle.slice(0, samples).map(({ map }) => map)));
    });
    expectClose(noiseless, tf.tidy(() => articleSample(model, preprocess.preprocess(photo))).map);
    await tf.setBackend('wasm');
    tf.dispose([gradient, ...steps.map(({ map }) => map)]);
  });

  test('noise is normal with standard deviation 51, added after preprocessing', async () => {
    const { recorder, noisyInputs } = recordNoisyInputs(model);
    const { gradient, steps } = await runExperiment(recorder, photo, { samples: 20, preprocess });
    tf.dispose([gradient, ...steps.map(({ map }) => map)]);
    const clean = preprocess.preprocess(photo);
    const values = clean.dataSync();
    clean.dispose();
    const noise = noisyInputs().flatMap((input) =>
      Array.from(input, (value, i) => value - values[i]!),
    );
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const stdDev = Math.sqrt(
      noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length,
    );
    // 61440 values: the standard errors of mean and standard deviation are 0.21 and 0.15.
    expect(Math.abs(mean)).toBeLessThan(0.8);
    expect(Math.abs(stdDev - 51)).toBeLessThan(0.6);
  });

  test('every sample is reported; nothing is left behind but the maps, also when it fails', async () => {
    const before = tf.memory().numTensors;
    const reported: number[] = [];
    const maps = await runExperiment(model, photo, {
      samples: 4,
      preprocess,
      onSample: (done) => reported.push(done),
    });
    expect(reported).toEqual([1, 2, 3, 4]);
    expect(maps.steps.map(({ samples }) => samples)).toEqual([1, 2, 3, 4]);
    expect(tf.memory().numTensors).toBe(before + 5);
    const figure = comparison(maps);
    expect(tf.memory().numTensors).toBe(before + 6);
    tf.dispose([figure, maps.gradient, ...maps.steps.map(({ map }) => map)]);

    const failing = runExperiment(model, photo, {
      samples: 4,
      preprocess,
      onSample: (done) => {
        if (done === 3) throw new Error('enough');
      },
    });
    await expect(failing).rejects.toThrow(new Error('enough'));
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('after 100 samples the map was shown nine times', async () => {
  // A tiny net: only the numbers of samples matter here.
  const tiny = buildVgg16({ width: 1 / 64, inputSize: 32, classes: 2 });
  const { gradient, steps } = await runExperiment(tiny, photo, { preprocess });
  expect(steps.map(({ samples }) => samples)).toEqual([1, 2, 3, 10, 20, 30, 50, 75, 100]);
  tf.dispose([gradient, ...steps.map(({ map }) => map)]);
  tiny.dispose();
});
