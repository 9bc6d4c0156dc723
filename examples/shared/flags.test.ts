import { positiveInteger, positiveNumber, required } from './flags.js';

test('numbers are read', () => {
  expect(positiveInteger('samples', '100')).toBe(100);
  expect(positiveNumber('noise', '0.2')).toBe(0.2);
  expect(positiveNumber('noise', '1e-3')).toBe(0.001);
  expect(required('image', 'a.jpg')).toBe('a.jpg');
});

test.each(['', '0', '-1', '1.5', '1e2', 'ten'])("'%s' is no positive integer", (text) => {
  expect(() => positiveInteger('samples', text)).toThrow(
    new Error(`--samples must be a positive integer, got '${text}'`),
  );
});

test('more samples than the library takes are refused', () => {
  expect(positiveInteger('samples', '1048576')).toBe(2 ** 20);
  expect(() => positiveInteger('samples', '1048577')).toThrow(
    new Error('--samples must be at most 1048576, got 1048577'),
  );
});

test.each(['', ' ', '0', '-0.2', 'NaN', 'Infinity', '20%'])("'%s' is no number > 0", (text) => {
  expect(() => positiveNumber('noise', text)).toThrow(
    new Error(`--noise must be a number > 0, got '${text}'`),
  );
});

test.each([undefined, ''])('%p is missing', (text) => {
  expect(() => required('image', text)).toThrow(new Error('--image is missing'));
});
