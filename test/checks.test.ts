import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { checkOptions, closestTo, describe as shown, isTensor } from '../src/checks.js';
import { expectError } from './method/expectError.js';

const CASES: [unknown, string][] = [
  ['1', "'1'"],
  [1, '1'],
  [-0.5, '-0.5'],
  [NaN, 'NaN'],
  [undefined, 'undefined'],
  [null, 'null'],
  [true, 'true'],
  [Symbol('x'), 'Symbol(x)'],
  [10n, '10'],
  [[1, 'a', null], "[1, 'a', null]"],
  [[[1], []], '[[1], []]'],
  [Array.from({ length: 9 }, (_, i) => i), '[0, 1, 2, 3, 4, 5, ... 9 in all]'],
  [{}, '{}'],
  [{ a: 1, b: 2 }, '{ a, b }'],
  [Object.create(null), '{}'],
  [new Float32Array(2), 'a Float32Array'],
  [new Date(), 'a Date'],
  [new AbortController(), 'an AbortController'],
  [function named() {}, 'function named'], // eslint-disable-line @typescript-eslint/no-empty-function
  [
    (
      () => () =>
        1
    )(),
    'a function',
  ],
];

describe('how a value is shown in an error', () => {
  test.each(CASES)('%p', (value, expected) => {
    expect(shown(value)).toBe(expected);
  });

  test('tensors by their shape', () => {
    expect(shown(tf.zeros([2, 3]))).toBe('a tensor of shape [2, 3]');
    expect(shown([tf.scalar(1)])).toBe('[a tensor of shape []]');
  });
});

describe('isTensor', () => {
  test('knows one of another copy of tfjs, of which instanceof knows nothing', () => {
    const foreign = { shape: [2], dtype: 'float32', dataSync: () => new Float32Array(2) };
    expect(isTensor(foreign)).toBe(true);
    expect(isTensor(tf.zeros([1]))).toBe(true);
  });

  test.each([
    [undefined],
    [null],
    [1],
    ['tensor'],
    [[1, 2]],
    [{ shape: [2] }],
    [new Float32Array(2)],
    [tf.zeros],
  ])('refuses %p', (value) => {
    expect(isTensor(value)).toBe(false);
  });
});

describe('the option that was meant', () => {
  const known = ['samples', 'noiseLevel', 'stdDev', 'batchSize', 'perSampleArgmax'];

  test.each([
    ['sample', 'samples'],
    ['smaples', 'samples'],
    ['Samples', 'samples'],
    ['noiselevel', 'noiseLevel'],
    ['noise_level', 'noiseLevel'],
    ['noise', 'noiseLevel'],
    ['stddev', 'stdDev'],
    ['std', 'stdDev'],
    ['batch', 'batchSize'],
    ['batchSizes', 'batchSize'],
    ['perSample', 'perSampleArgmax'],
  ])('%s -> %s', (word, name) => {
    expect(closestTo(word, known)).toBe(name);
  });

  test.each([['s'], ['sigma'], ['seed'], ['learningRate'], ['']])('%p -> none', (word) => {
    expect(closestTo(word, known)).toBeUndefined();
  });

  test('is named, or else all there are', () => {
    expect(() => {
      checkOptions({ samples: 1, batchSize: undefined }, known);
    }).not.toThrow();
    expectError(
      () => checkOptions({ std: 1 }, known),
      TypeError,
      "unknown option 'std', did you mean 'stdDev'?",
    );
    const all =
      "unknown option 'sigma', known are samples, noiseLevel, stdDev, batchSize, perSampleArgmax";
    expectError(() => checkOptions({ sigma: 1 }, known), TypeError, all);
  });
});
