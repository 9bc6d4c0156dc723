import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { comparison, grayPicture } from './figure.js';

/**
 * matplotlib's imshow with cmap='gray': 256 equal parts between the least and the greatest value.
 */
function matplotlibGray(values: number[]): number[] {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => Math.min(255, Math.floor((256 * (value - min)) / (max - min))));
}

const values = [0.5, 1, 4.5, 2, 2.5, 0.75];

test('a map is shown in the grays of matplotlib', () => {
  const picture = grayPicture(tf.tensor2d(values, [2, 3]));
  expect(picture.shape).toEqual([2, 3, 3]);
  expect([...picture.dataSync()]).toEqual(
    matplotlibGray(values).flatMap((gray) => [gray, gray, gray]),
  );
});

test('the comparison has the gradient first, then the steps, five in a row, each in its own grays', async () => {
  const maps = Array.from({ length: 7 }, (_, i) =>
    tf.tensor2d(
      values.map((value, pixel) => value * (i + 1) + (pixel === i ? 3 : 0)),
      [2, 3],
    ),
  );
  const [gradient, ...others] = maps;
  const steps = others.map((map, i) => ({ samples: i + 1, map, reliability: 0 }));
  const figure = comparison({ gradient: gradient!, steps });
  expect(figure.shape).toEqual([2 * 2 + 4, 5 * 3 + 4 * 4, 3]);
  const cells = maps.map((_, i) =>
    tf.slice(figure, [Math.floor(i / 5) * 6, (i % 5) * 7, 0], [2, 3, 1]),
  );
  for (const [i, cell] of cells.entries()) {
    expect([...(await cell.data())]).toEqual(matplotlibGray([...maps[i]!.dataSync()]));
  }
});
