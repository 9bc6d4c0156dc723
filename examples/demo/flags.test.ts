import { mobilenet } from 'tfjs-saliency';
import { readFlags } from './flags.js';
import { presetNames } from './presets.js';

const own = ['--model', 'folder', '--preset', 'mobilenet'];

test('without flags it is the bowl of the food photo', () => {
  expect(readFlags([])).toEqual({
    model: undefined,
    image: undefined,
    class: 'bowl',
    samples: 50,
    noise: 0.15,
    antithetic: false,
    seed: 1,
    out: 'out',
  });
});

test('on another photo or with another model it is the class of the highest score', () => {
  expect(readFlags(['--image', 'cat.jpg'])).toMatchObject({
    model: undefined,
    image: 'cat.jpg',
    class: 'argmax',
  });
  expect(readFlags(own)).toMatchObject({ class: 'argmax' });
});

test('every flag is read', () => {
  const values = [
    '--labels',
    'l.json',
    '--image',
    'i.png',
    '--class',
    'cat',
    '--samples',
    '8',
    '--noise',
    '0.2',
  ];
  expect(readFlags([...own, ...values, '--antithetic', '--seed', '7', '--out', 'o'])).toEqual({
    model: { location: 'folder', preset: mobilenet, labels: 'l.json' },
    image: 'i.png',
    class: 'cat',
    samples: 8,
    noise: 0.2,
    antithetic: true,
    seed: 7,
    out: 'o',
  });
});

test('--help is enough by itself', () => {
  expect(readFlags(['--help'])).toBeUndefined();
});

const names = presetNames.join(', ');

test.each<[message: string, args: string[]]>([
  [`--model needs --preset, how it wants its images: one of ${names}`, ['--model', 'folder']],
  [`--preset must be one of ${names}, got 'vgg17'`, ['--model', 'folder', '--preset', 'vgg17']],
  ["--preset needs --model: the demo's own model has its own", ['--preset', 'vgg16']],
  ["--labels needs --model: the demo's own model has its own", ['--labels', 'l.json']],
  ["--samples must be a positive integer, got '0'", ['--samples', '0']],
  ['--samples must be even with --antithetic, got 5', ['--samples', '5', '--antithetic']],
  ["--noise must be a number > 0, got '15%'", ['--noise', '15%']],
  ["--seed must be a positive integer, got '-1'", ['--seed=-1']],
  ['--out is missing', ['--out', '']],
])('%s', (message, args) => {
  expect(() => readFlags(args)).toThrow(new Error(message));
});
