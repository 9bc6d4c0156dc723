// Batch normalization. Oracle: its definition in float64, on the host.
import * as tf from '@tensorflow/tfjs-core';
import { normalizationKernels } from '../../src/kernels/normalization.js';
import type { NormalizationKernels } from '../../src/kernels/normalization.js';
import { normal, taken, workplaceOnWasm } from './kernels.js';

const EPSILON = 1e-3;

let kernels: NormalizationKernels;
beforeAll(async () => {
  kernels = normalizationKernels(await workplaceOnWasm());
});
beforeEach(() => {
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
});

const statistics = (channels: number) => ({
  mean: normal([channels], 2),
  variance: tf.square(normal([channels], 3)),
  offset: normal([channels], 4),
  scale: normal([channels], 5),
});

describe.each([
  [
    [1, 5, 7, 4],
    ['offset', 'scale'],
  ],
  [[3, 4, 2, 12], ['offset']],
  [[2, 1, 1, 8], ['scale']],
  [[1, 3, 3, 20], []],
] as const)('the normalization of %j with %j', (shape, names) => {
  const inputs = () => {
    const { offset, scale, ...both } = statistics(shape[3]);
    const optional = Object.entries({ offset, scale }).filter(([name]) =>
      (names as readonly string[]).includes(name),
    );
    return { x: normal(shape, 1), ...both, ...Object.fromEntries(optional) };
  };

  test('is (x - mean) scale / sqrt(variance + epsilon) + offset', () => {
    const { x, ...rest } = inputs();
    const numbers = Object.fromEntries(
      Object.entries(rest).map(([name, tensor]) => [name, tensor.dataSync()]),
    );
    const y = taken(kernels.batchNormalization({ x, ...rest }, EPSILON));
    const expected = Array.from(x.dataSync(), (value, i) => {
      const c = i % shape[3];
      const deviation = Math.sqrt(numbers['variance']![c]! + EPSILON);
      const scale = numbers['scale']?.[c] ?? 1;
      return ((value - numbers['mean']![c]!) * scale) / deviation + (numbers['offset']?.[c] ?? 0);
    });
    expected.forEach((value, i) => {
      expect(Math.abs(y[i]! - value)).toBeLessThan(1e-5 * (1 + Math.abs(value)));
    });
  });
});

test.each([
  ['channels that are no whole vectors', [1, 2, 2, 6], 6],
  ['one mean for all channels', [1, 2, 2, 4], 1],
])('is left to tfjs for %s', (_, shape, size) => {
  const mean = normal([size], 1);
  const inputs = { x: normal(shape, 2), mean, variance: tf.square(mean) };
  expect(kernels.batchNormalization(inputs, EPSILON)).toBeUndefined();
});
