import { describeTop, findClass, nameOf, ranking } from './classes.js';

const scores = Float32Array.of(0.25, -1, 0.5);
const labels = ['cat', 'dog', 'bowl'];

test('classes come by score', () => {
  expect(ranking(scores)).toEqual([2, 0, 1]);
  expect(describeTop(0, scores, labels)).toBe(
    '0.5000  bowl (2)\n0.2500  cat (0)  <- explained\n-1.0000  dog (1)',
  );
  expect(nameOf(1, undefined)).toBe('class 1');
});

test('the five highest scores are shown, and that of the class that is explained', () => {
  const many = Float32Array.of(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
  const lines = [6, 5, 4, 3, 2].map((index) => `${(index / 10).toFixed(4)}  class ${index}`);
  expect(describeTop(6, many, undefined).split('\n')).toEqual([
    `${lines[0]!}  <- explained`,
    ...lines.slice(1),
  ]);
  expect(describeTop(1, many, undefined).split('\n')).toEqual([
    ...lines,
    '0.1000  class 1  <- explained',
  ]);
});

test('a class is an index, a name or argmax', () => {
  expect(findClass('1', scores, labels)).toBe(1);
  expect(findClass('bowl', scores, labels)).toBe(2);
  expect(findClass('argmax', scores, undefined)).toBe(2);
});

test.each<[text: string, labels: string[] | undefined, message: string]>([
  ['3', labels, '--class must be less than 3, the number of classes, got 3'],
  ['-1', labels, "--class must be an index, a name or 'argmax', got '-1'"],
  ['bowls', labels, "--class must be an index, a name or 'argmax', got 'bowls'"],
  ['bowl', undefined, "--class must be an index or 'argmax' (names need --labels), got 'bowl'"],
  ['', undefined, "--class must be an index or 'argmax' (names need --labels), got ''"],
])("'%s' is none", (text, names, message) => {
  expect(() => findClass(text, scores, names)).toThrow(new Error(message));
});
