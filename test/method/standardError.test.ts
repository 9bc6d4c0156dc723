// Oracle: of antithetic samples, plain JavaScript over the pairs' averages, and closed forms.
import * as tf from '@tensorflow/tfjs-core';
import type { SmoothGradStepsOptions } from 'tfjs-saliency';
import { smoothGradSteps } from 'tfjs-saliency';
import { describeOnWasm } from '../backends.js';
import { expectClose } from './expectClose.js';
import { stepsOf } from './stepsOf.js';

const FEATURES = 5;
const input = () => tf.randomNormal([FEATURES], 0, 1, 'float32', 2);
/** Its gradient is x^2. */
const cubes = (x: tf.Tensor) => tf.div(tf.sum(tf.pow(x, 3), 1, true), 3);

describeOnWasm('the standard error of antithetic samples', () => {
  const STATISTICS = {
    mean: (g: number) => g,
    meanAbs: Math.abs,
    meanSquare: (g: number) => g * g,
  };

  for (const batchSize of [1, 3, 4, 100]) {
    test.each(Object.entries(STATISTICS))(
      `%s, in batches of ${batchSize}: of the averages of complete pairs`,
      async (statistic, transform) => {
        const inputs: number[][] = [];
        const model = (x: tf.Tensor) => {
          inputs.push(...(x.arraySync() as number[][]));
          return cubes(x);
        };
        const at = [1, 2, 3, 4, 7, 12];
        const options = {
          at,
          seed: 6,
          batchSize,
          statistic,
          antithetic: true,
          standardError: true,
        };
        const steps = await stepsOf(
          smoothGradSteps(model, input(), 0, options as SmoothGradStepsOptions),
        );
        for (const { standardError, done } of steps) {
          const pairs = Math.floor(done / 2);
          if (pairs < 2) {
            expect([...standardError!.dataSync()]).toEqual(Array(FEATURES).fill(Infinity));
            continue;
          }
          const expected = inputs[0]!.map((_, i) => {
            const value = (sample: number) => transform(inputs[sample]![i]! ** 2);
            const averages = Array.from(
              { length: pairs },
              (_, pair) => (value(2 * pair) + value(2 * pair + 1)) / 2,
            );
            const mean = averages.reduce((sum, each) => sum + each) / pairs;
            const squares = averages.reduce((sum, each) => sum + (each - mean) ** 2, 0);
            return Math.sqrt(squares / (pairs - 1) / pairs);
          });
          expectClose(standardError!, expected, 1e-4);
        }
      },
    );
  }

  test('is 0 for a gradient linear in the input, whose pairs all have the same average', async () => {
    const squares = (x: tf.Tensor) => tf.sum(tf.square(x), 1, true);
    const options = { at: [8], stdDev: 1, seed: 1, antithetic: true, standardError: true };
    const [step] = await stepsOf(smoothGradSteps(squares, input(), 0, options));
    expect(tf.max(step!.standardError!).dataSync()[0]).toBeLessThan(1e-6);
  });

  test('is what maps of other seeds differ by: of x^2, whose pairs average x^2 + e^2, sqrt(2 / pairs) sigma^2', async () => {
    const [pixels, sigma, samples] = [4000, 0.7, 20];
    const x = tf.randomNormal([pixels], 0, 3, 'float32', 3);
    const options = {
      at: [samples],
      stdDev: sigma,
      seed: 4,
      antithetic: true,
      standardError: true,
    };
    const [step] = await stepsOf(smoothGradSteps(cubes, x, 0, options));
    const rootOfMeanSquare = (t: tf.Tensor) => Math.sqrt(tf.mean(tf.square(t)).dataSync()[0]!);
    const expected = Math.sqrt(2 / (samples / 2)) * sigma ** 2;
    // Both are estimates over so many pixels: to a few percent.
    expect(rootOfMeanSquare(step!.standardError!) / expected).toBeCloseTo(1, 1);
    const truth = tf.add(tf.square(x), sigma ** 2);
    expect(rootOfMeanSquare(tf.sub(step!.map, truth)) / expected).toBeCloseTo(1, 1);
  });

  test('leaves nothing behind, in the middle of a pair either', async () => {
    const x = input();
    const before = tf.memory().numTensors;
    const options = { at: [3, 8], antithetic: true, standardError: true };
    for await (const { map, standardError } of smoothGradSteps(cubes, x, 0, options)) {
      map.dispose();
      standardError!.dispose();
      break;
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
