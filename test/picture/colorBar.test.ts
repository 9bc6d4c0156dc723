// Oracle: colorize of the values in the middle of each pixel.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { colorBar, colorize, colormaps, grid } from 'tfjs-saliency';
import type { ColorBarOptions } from 'tfjs-saliency';
import { exactly } from './exactly';

const columns = (picture: tf.Tensor) => picture.arraySync() as number[][][];

test.each(colormaps)('%s from its lowest value to its highest', (colormap) => {
  const { data, shape } = colorBar({ colormap, width: 40, height: 2 });
  const fractions = Array.from({ length: 40 }, (_, i) => (i + 0.5) / 40);
  const row = fractions.map((value) => (colormap === 'redblue' ? 2 * value - 1 : value));
  expect(shape).toEqual([2, 40, 3]);
  const expected = colorize(tf.tensor2d([row, row]), colormap);
  expect(Array.from(data)).toEqual(Array.from(expected.dataSync()));
});

test('higher than wide it grows upwards', () => {
  const upright = colorBar({ width: 1, height: 9 });
  const lying = colorBar({ width: 9, height: 1 });
  const colours = Array.from({ length: 9 }, (_, i) =>
    Array.from(lying.data.slice(3 * i, 3 * i + 3)),
  );
  expect(Array.from(upright.data)).toEqual(colours.reverse().flat());
});

test('inferno, 256 x 16, unless given; grid takes it beside tensors', () => {
  expect(colorBar()).toEqual(colorBar({ colormap: 'inferno', width: 256, height: 16 }));
  const picture = tf.zeros([16, 256, 3], 'int32');
  const both = columns(
    grid<tf.Tensor | ReturnType<typeof colorBar>>([picture, colorBar()], {
      columns: 1,
    }) as tf.Tensor,
  );
  expect(both[20]!.flat()).toEqual(Array.from(colorBar().data.slice(0, 3 * 256)));
});

test.each<[unknown, Error]>([
  [{ width: 0 }, new RangeError('colorBar: width must be a positive integer, got 0')],
  [
    { size: 3 },
    new TypeError("colorBar: unknown option 'size', known are colormap, width, height"),
  ],
])('options %p', (options, error) => {
  expect(() => colorBar(options as ColorBarOptions)).toThrow(exactly(error));
});
