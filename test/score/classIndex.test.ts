// Oracle: a linear model, whose gradient is the column of its kernel, or a difference of two.
import * as tf from '@tensorflow/tfjs-core';
import { smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from '../method/expectClose.js';

const W = [
  [0.5, -1.25, 3, 1],
  [0.1, 7, -2, 1],
  [-0.3, 0.2, 0.9, 1],
];
const column = (c: number) => W.map((row) => row[c]!);
const linear = (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, tf.tensor2d(W));
const squared = (x: tf.Tensor) => tf.square(linear(x));

describeOnEachBackend('classIndex', () => {
  const images = () =>
    tf.tensor2d([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 2],
    ]);

  test('one for all images', () => {
    expectClose(vanillaGradient(linear, images(), 2), [...column(2), ...column(2), ...column(2)]);
  });

  test('one for each', () => {
    expectClose(vanillaGradient(linear, images(), [2, 0, 3]), [
      ...column(2),
      ...column(0),
      ...column(3),
    ]);
  });

  test("'argmax': each image's own greatest output", () => {
    expectClose(vanillaGradient(linear, images(), 'argmax'), [
      ...column(2),
      ...column(1),
      ...column(3),
    ]);
  });

  test("'argmax' of a model of one output is that one", () => {
    const single = (x: tf.Tensor) => tf.slice(linear(x), [0, 1], [-1, 1]);
    expectClose(vanillaGradient(single, images(), 'argmax'), [
      ...column(1),
      ...column(1),
      ...column(1),
    ]);
    const flat = (x: tf.Tensor) => tf.squeeze(single(x), [1]);
    expectClose(vanillaGradient(flat, images(), 0), [...column(1), ...column(1), ...column(1)]);
  });

  test('for one and against another: the difference', () => {
    const difference = W.map((row) => row[1]! - row[2]!);
    expectClose(
      vanillaGradient(linear, tf.tensor1d([1, 2, 3]), { for: 1, against: 2 }),
      difference,
    );
  });

  test('lists: a leading axis of classes, for a batch and for one image', () => {
    const batch = vanillaGradient(linear, images(), [
      [0, 1],
      [2, 3],
      [1, 1],
    ]);
    expect(batch.shape).toEqual([2, 3, 3]);
    expectClose(batch, [0, 2, 1, 1, 3, 1].flatMap(column));
    const single = vanillaGradient(linear, tf.tensor1d([1, 2, 3]), [[3, 0, 1]]);
    expect(single.shape).toEqual([3, 3]);
    expectClose(single, [3, 0, 1].flatMap(column));
    expect(vanillaGradient(linear, tf.tensor1d([1, 2, 3]), [[3]]).shape).toEqual([1, 3]);
  });

  test('lists share the passes and the noise, and give what each class gives alone', () => {
    let runs = 0;
    const counted = (x: tf.Tensor) => {
      runs++;
      return squared(x);
    };
    const options = { samples: 6, seed: 1, batchSize: 6 };
    const both = smoothGrad(
      counted,
      images(),
      [
        [0, 1],
        [2, 3],
        [1, 0],
      ],
      options,
    );
    expect(runs).toBe(3);
    const alone = [
      [0, 2, 1],
      [1, 3, 0],
    ].map((classes) => smoothGrad(squared, images(), classes, options));
    expectClose(both, tf.stack(alone).dataSync());
  });

  test('lists leave nothing behind, with every statistic', () => {
    const x = images();
    const kernel = tf.tensor2d(W);
    const model = (rows: tf.Tensor) => tf.square(tf.matMul(rows as tf.Tensor2D, kernel));
    for (const statistic of ['mean', 'meanAbs', 'meanSquare', 'variance'] as const) {
      expectNoLeak(() =>
        smoothGrad(
          model,
          x,
          [
            [0, 1],
            [2, 3],
            [1, 0],
          ],
          { samples: 4, statistic },
        ),
      );
    }
  });
});
