import { readFlags } from './flags.js';

const needed = ['--weights', 'vgg16.h5', '--image', 'photo.jpg'];

test("unless said otherwise, the experiment is the article's", () => {
  expect(readFlags(needed)).toEqual({
    weights: 'vgg16.h5',
    image: 'photo.jpg',
    samples: 100,
    noise: 0.2,
    seed: 1,
    labels: undefined,
    width: 1,
    out: 'out/vgg16',
  });
});

test('every flag is read', () => {
  const others = [
    '--samples',
    '7',
    '--noise',
    '0.1',
    '--seed',
    '3',
    '--labels',
    'l.json',
    '--width',
    '0.5',
    '--out',
    'o',
  ];
  expect(readFlags([...needed, ...others])).toEqual({
    weights: 'vgg16.h5',
    image: 'photo.jpg',
    samples: 7,
    noise: 0.1,
    seed: 3,
    labels: 'l.json',
    width: 0.5,
    out: 'o',
  });
});

test('--help is enough by itself', () => {
  expect(readFlags(['--help'])).toBeUndefined();
});

const bad: [message: string, args: string[]][] = [
  ['--weights is missing', ['--image', 'photo.jpg']],
  ['--image is missing', ['--weights', 'vgg16.h5']],
  ["--samples must be a positive integer, got '0'", [...needed, '--samples', '0']],
  ["--noise must be a number > 0, got 'much'", [...needed, '--noise', 'much']],
  ["--seed must be a positive integer, got '1.5'", [...needed, '--seed', '1.5']],
  ["--width must be a number > 0, got '-1'", [...needed, '--width=-1']],
];

test.each(bad)('%s', (message, args) => {
  expect(() => readFlags(args)).toThrow(new Error(message));
});
