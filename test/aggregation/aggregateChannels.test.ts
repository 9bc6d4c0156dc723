// Oracle: plain JavaScript over each pixel's channels.
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { ChannelMethod } from 'tfjs-saliency';
import { aggregateChannels } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from '../method/expectClose.js';

const total = (values: number[]) => values.reduce((sum, each) => sum + each, 0);
const METHODS: Record<ChannelMethod, (channels: number[]) => number> = {
  maxAbs: (channels) => Math.max(...channels.map(Math.abs)),
  sumAbs: (channels) => total(channels.map(Math.abs)),
  l2: (channels) => Math.sqrt(total(channels.map((each) => each * each))),
  sum: total,
  mean: (channels) => total(channels) / channels.length,
  max: (channels) => Math.max(...channels),
  positive: (channels) => total(channels.filter((each) => each > 0)),
  negative: (channels) => -total(channels.filter((each) => each < 0)),
};
const methods = Object.keys(METHODS) as ChannelMethod[];

describeOnEachBackend('aggregateChannels', () => {
  test.each(methods)('%s, for any number of axes and channels', (method) => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });
    // Numbers that float32 has only some digits of would compare by these.
    const values = fc
      .float({ min: -10, max: 10, noNaN: true })
      .map((each) => (Math.abs(each) < 1e-30 ? 0 : each));
    const attributions = shapes.chain((shape) => {
      const size = tf.util.sizeFromShape(shape);
      return fc.record({
        shape: fc.constant(shape),
        data: fc.array(values, { minLength: size, maxLength: size }),
      });
    });
    fc.assert(
      fc.property(attributions, ({ shape, data }) => {
        tf.tidy(() => {
          const map = aggregateChannels(tf.tensor(data, shape), method);
          expect(map.shape).toEqual(shape.slice(0, -1));
          const channels = shape.at(-1)!;
          const pixels = Array.from({ length: data.length / channels }, (_, i) =>
            data.slice(i * channels, (i + 1) * channels),
          );
          expectClose(map, pixels.map(METHODS[method]), 1e-5);
        });
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("is 'maxAbs' by default", () => {
    expect([
      ...aggregateChannels(
        tf.tensor2d([
          [1, -3, 2],
          [0, 0, -0.5],
        ]),
      ).dataSync(),
    ]).toEqual([3, 0.5]);
  });

  test.each(methods)('%s of gradients as small and as great as they come', (method) => {
    for (const scale of [1e-30, 1e-22, 1e22, 1e30]) {
      const channels = [3, -4, 2].map((each) => Math.fround(each * scale));
      expectClose(
        aggregateChannels(tf.tensor2d([channels]), method),
        [METHODS[method](channels)],
        1e-5,
      );
    }
  });

  test.each(methods)('%s returns one tensor and leaves its argument as it is', (method) => {
    const attribution = tf.tensor2d([[1, -3, 2]]);
    expectNoLeak(() => aggregateChannels(attribution, method));
    expect([...attribution.dataSync()]).toEqual([1, -3, 2]);
  });
});
