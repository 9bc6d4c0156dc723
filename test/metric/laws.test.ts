// Oracles: the same call put another way (asynchronously, with another batch size, with the class
// that 'argmax' stands for), for every metric; and what every metric promises: arguments as they
// were, no tensor left, wrong arguments refused by name.
import * as tf from '@tensorflow/tfjs-core';
import type { Model, Progress } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { images, KINDS } from '../contract/classifier.js';
import { METRICS } from './metrics.js';

const COUNT = 8; // of metrics, so that none is lost

test('the list has every metric', () => {
  expect(METRICS.map(([name]) => name)).toHaveLength(COUNT);
});

describeOnEachBackend('the laws of every metric', () => {
  describe.each(KINDS)('with %s', (_, build) => {
    let model: Model;
    let dispose: () => void;
    let x: tf.Tensor;
    let map: tf.Tensor;
    beforeAll(() => {
      ({ model, dispose } = build());
      x = images(1);
      map = tf.randomNormal([8, 8], 0, 1, 'float32', 3);
    });
    afterAll(() => {
      dispose();
      tf.dispose([x, map]);
    });

    describe.each(METRICS)('%s', (name, { run, runAsync, quick }) => {
      test('gives a finite score, leaves no tensor, and its arguments as they were', () => {
        const before = [...x.dataSync(), ...map.dataSync()];
        const count = tf.memory().numTensors;
        const options = { ...quick };
        const result = run(map, model, x, 1, options);
        expect(Number.isFinite(result.score)).toBe(true);
        expect(tf.memory().numTensors).toBe(count);
        expect(options).toEqual(quick);
        expect([...x.dataSync(), ...map.dataSync()]).toEqual(before);
      });

      test('gives the same asynchronously, and tells how far it is', async () => {
        const expected = run(map, model, x, 'argmax', quick);
        const told: Progress[] = [];
        const onProgress = (progress: Progress) => told.push(progress);
        const count = tf.memory().numTensors;
        const [input, judged] = [tf.clone(x), tf.clone(map)];
        const promise = runAsync(judged, model, input, 'argmax', { ...quick, onProgress });
        input.dispose();
        expect(await promise).toEqual(expected);
        judged.dispose();
        expect(tf.memory().numTensors).toBe(count);
        const done = told.map((progress) => progress.done);
        expect(done).toEqual([...done].sort((a, b) => a - b));
        expect(told.at(-1)!.done).toBe(told.at(-1)!.total);
      });

      test('does not depend on the batch size, and takes the predicted class for argmax', () => {
        const classes = (typeof model === 'function' ? model(x) : model.predict(x)) as tf.Tensor;
        const predicted = tf.argMax(classes, 1).dataSync()[0]!;
        const expected = run(map, model, x, predicted, quick).score;
        for (const batchSize of [1, 3, 100]) {
          const { score } = run(map, model, x, 'argmax', { ...quick, batchSize });
          expect(score).toBeCloseTo(expected, 4);
        }
      });

      test('ends within one pass when it is told to, and frees all', async () => {
        const count = tf.memory().numTensors;
        const controller = new AbortController();
        const promise = runAsync(map, model, x, 1, {
          ...quick,
          batchSize: 1,
          signal: controller.signal,
          onProgress: () => {
            controller.abort();
          },
        });
        await expect(promise).rejects.toMatchObject({ name: 'AbortError' });
        const aborted = runAsync(map, model, x, 1, { signal: controller.signal });
        await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
        expect(tf.memory().numTensors).toBe(count);
      });

      test('refuses wrong arguments, and leaves no tensor', () => {
        const count = tf.memory().numTensors;
        expect(() => run(map, model, x, 1, { frobnicate: 1 })).toThrow(
          `${name}: unknown option 'frobnicate'`,
        );
        expect(() => run(map, model, x, 9, quick)).toThrow(/^.*: classIndex must be less than/);
        expect(() => run(map, model, x, [[0, 1]], quick)).toThrow(
          `${name}: classIndex must be one class, got 2 of them; measure one after another`,
        );
        const pair = images(2);
        expect(() => run(map, model, pair, 1, quick)).toThrow(
          `${name}: input must be one image, got 2 of them; measure one after another`,
        );
        pair.dispose();
        expect(tf.memory().numTensors).toBe(count);
      });
    });

    describe.each(METRICS.filter(([, { judges }]) => judges === 'map'))(
      '%s',
      (name, { run, quick, takesChannels }) => {
        test('refuses a map that is none, or of another size', () => {
          const count = tf.memory().numTensors;
          expect(() => run(3 as never, model, x, 1, quick)).toThrow(
            new TypeError(`${name}: map must be a tensor, got 3`),
          );
          const [wide, colors] = [tf.ones([8, 9]), tf.ones([8, 8, 3])];
          expect(() => run(wide, model, x, 1, quick)).toThrow(
            `${name}: map must be of the input's size, [8, 8] or [8, 8, 3], got numbers of shape [8, 9]`,
          );
          if (takesChannels) expect(run(colors, model, x, 1, quick).score).not.toBeNaN();
          else {
            expect(() => run(colors, model, x, 1, quick)).toThrow(
              `${name}: map must be one number a pixel, [8, 8], got numbers of shape [8, 8, 3]; ` +
                'aggregateChannels makes a map of an attribution with channels',
            );
          }
          tf.dispose([wide, colors]);
          expect(tf.memory().numTensors).toBe(count);
        });
      },
    );
  });

  test('a model that answers later gives the same, to the asynchronous function only', async () => {
    const { model } = KINDS[0]![1]();
    const later = async (batch: tf.Tensor) => {
      const outputs = tf.tidy(() => (model as (x: tf.Tensor) => tf.Tensor2D)(batch).arraySync());
      await Promise.resolve();
      return outputs;
    };
    const [x, map] = [images(1), tf.randomNormal([8, 8], 0, 1, 'float32', 3)];
    for (const [name, { run, runAsync, quick, judges }] of METRICS) {
      if (judges === 'method') continue;
      const options = { ...quick, score: 'output' };
      const before = tf.memory().numTensors;
      const { score } = await runAsync(map, later as never, x, 'argmax', options);
      expect(score).toBeCloseTo(run(map, model, x, 'argmax', options).score, 4);
      expect(tf.memory().numTensors).toBe(before);
      expect(() => run(map, later as never, x, 1, options)).toThrow(
        `${name}: model must be synchronous`,
      );
    }
  });

  test('a score that is not finite is refused', () => {
    const model = (x: tf.Tensor) => tf.log(tf.sub(tf.sum(x, 1, true), 100));
    for (const [name, { run, judges }] of METRICS) {
      if (judges === 'method' || name === 'road') continue;
      expect(() => run(tf.ones([4]), model, tf.tensor1d([1, 2, 3, 4]), 0)).toThrow(
        `${name}: the model's score must be finite for every changed input`,
      );
    }
  });
});
