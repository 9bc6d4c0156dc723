// Oracles: the same call put another way (each image alone, each class alone, the class that
// 'argmax' stands for, other batches, the asynchronous function), for every method.
import * as tf from '@tensorflow/tfjs-core';
import { gradientTimesInput, integratedGradients, vanillaGradient } from 'tfjs-saliency';
import type { Model, Progress } from 'tfjs-saliency';
import { describeOnWasm } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { images, KINDS } from './classifier.js';
import type { Classifier } from './classifier.js';
import { bitsOf, mapShape, METHODS } from './methods.js';

const COUNT = 3;
const TOLERANCE = 1e-5;

const imageOf = (x: tf.Tensor, i: number): tf.Tensor => tf.slice(x, i, 1);

/** The classes with the greatest output. */
const predicted = (model: Model, x: tf.Tensor): number[] => [
  ...tf
    .argMax((typeof model === 'function' ? model(x) : model.predict(x)) as tf.Tensor, 1)
    .dataSync(),
];

describeOnWasm('the laws of every method', () => {
  describe.each(KINDS)('with %s', (kind, build) => {
    let classifier: Classifier;
    let model: Model;
    let x: tf.Tensor;
    beforeAll(() => {
      classifier = build();
      ({ model } = classifier);
      x = images(COUNT);
    });
    afterAll(() => {
      x.dispose();
      classifier.dispose();
    });

    describe.each(METHODS)('%s', (_, { attribute, quick }) => {
      const run = (input: tf.Tensor, classIndex: Parameters<typeof attribute>[2], more = {}) =>
        attribute(model, input, classIndex, { ...quick, ...more });

      test('a map has something to show, of the shape of the input', () => {
        const map = run(x, 1);
        expect(map.shape).toEqual(mapShape([COUNT], map));
        expect(map.dtype).toBe('float32');
        const size = map.size / COUNT;
        for (let i = 0; i < COUNT; i++) {
          const numbers = map.dataSync().slice(i * size, (i + 1) * size);
          expect(Math.max(...numbers.map(Math.abs))).toBeGreaterThan(0);
        }
      });

      test('a batch dimension is there exactly when the input has one, and an axis of classes for lists', () => {
        const lists = run(x, [
          [0, 1],
          [2, 3],
          [1, 0],
        ]);
        expect(lists.shape).toEqual(mapShape([2, COUNT], lists));
        const one = run(imageOf(x, 0), 1);
        expect(one.shape).toEqual(mapShape([1], one));
        if (kind === 'a function') return; // which does not tell its rank
        const single = tf.squeeze(imageOf(x, 0), [0]);
        for (const classIndex of [1, [1], 'argmax', { for: 1, against: 2 }] as const) {
          const map = run(single, classIndex as number);
          expect(map.shape).toEqual(mapShape([], map));
        }
        const listed = run(single, [[3, 1]]);
        expect(listed.shape).toEqual(mapShape([2], listed));
      });

      test('the images of a batch do not depend on each other', () => {
        const classes = [2, 0, 3];
        const together = tf.unstack(run(x, classes));
        together.forEach((map, i) => {
          expectClose(map, run(imageOf(x, i), classes[i]!).dataSync(), TOLERANCE);
        });
      });

      test('the batch size does not matter', () => {
        const expected = run(x, 'argmax', { batchSize: 1 }).dataSync();
        for (const batchSize of [2, 5, 100]) {
          expectClose(run(x, 'argmax', { batchSize }), expected, TOLERANCE);
        }
      });

      test("'argmax' is the class that it stands for", () => {
        const expected = run(x, predicted(model, x)).dataSync();
        expectClose(run(x, 'argmax'), expected, TOLERANCE);
        expectClose(
          run(x, 'argmax', { score: 'output', batchSize: 2 }),
          run(x, predicted(model, x), { score: 'output' }).dataSync(),
          TOLERANCE,
        );
      });

      test('lists of classes give what each class gives alone', () => {
        const maps = tf.unstack(
          run(x, [
            [0, 1],
            [2, 3],
            [1, 0],
          ]),
        );
        expectClose(maps[0]!, run(x, [0, 2, 1]).dataSync(), TOLERANCE);
        expectClose(maps[1]!, run(x, [1, 3, 0]).dataSync(), TOLERANCE);
      });

      test('a difference of classes, and what speaks against one, are finite and of the right shape', () => {
        for (const classIndex of [{ for: 2, against: 0 }, { against: 1 }]) {
          const map = run(x, classIndex);
          expect(map.shape).toEqual(mapShape([COUNT], map));
          expect(map.dataSync().every(Number.isFinite)).toBe(true);
        }
      });

      test('every score is finite, and a score function of the logits is explained', () => {
        for (const score of [
          'logit',
          'output',
          'logProbability',
          'crossEntropy',
          (outputs: tf.Tensor) => tf.sum(tf.square(outputs), 1),
        ]) {
          const map = run(x, 1, { score });
          expect(map.dataSync().every(Number.isFinite)).toBe(true);
        }
      });

      test('the asynchronous function gives the same to the bit, and tells how far it is', async () => {
        for (const more of [{}, { batchSize: 2 }]) {
          const told: Progress[] = [];
          const onProgress = (progress: Progress) => told.push(progress);
          const input = tf.clone(x);
          const promise = attribute.async(model, input, 'argmax', {
            ...quick,
            ...more,
            onProgress,
          });
          input.dispose();
          const map = await promise;
          expect(bitsOf(map)).toEqual(bitsOf(run(x, 'argmax', more)));
          const done = told.map((progress) => progress.done);
          expect(done).toEqual([...done].sort((a, b) => a - b));
          const last = told.at(-1)!;
          expect([last.done, last.secondsLeft]).toEqual([last.total, 0]);
          expect(told.every((progress) => progress.done <= progress.total)).toBe(true);
        }
      });

      test('the input and the model stay as they are', () => {
        const before = [[...x.dataSync()], predicted(model, x)];
        run(x, 'argmax');
        expect([[...x.dataSync()], predicted(model, x)]).toEqual(before);
      });
    });

    // Guided backpropagation, for one, is not: it cuts what comes back to its positive part.
    test.each(Object.entries({ vanillaGradient, gradientTimesInput, integratedGradients }))(
      '%s is linear in the score: a difference of classes is the difference of their maps',
      (_, attribute) => {
        const expected = tf.sub(attribute(model, x, 2), attribute(model, x, 0));
        const difference = attribute(model, x, { for: 2, against: 0 });
        expectClose(difference, expected.dataSync(), TOLERANCE);
        const against = attribute(model, x, { against: 2 });
        expectClose(against, tf.neg(attribute(model, x, 2)).dataSync(), TOLERANCE);
      },
    );
  });
});
