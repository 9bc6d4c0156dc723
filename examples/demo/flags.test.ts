import { mobilenet } from 'tfjs-saliency';
import { methodNames } from '../shared/methods.js';
import { readFlags } from './flags.js';
import { presetNames } from './presets.js';

const own = ['--model', 'folder', '--preset', 'mobilenet'];

test('without flags it is the bowl of the food photo', () => {
  expect(readFlags([])).toEqual({
    model: undefined,
    image: undefined,
    class: 'bowl',
    method: 'smoothGrad',
    methodOptions: {},
    samples: 50,
    noise: 0.15,
    antithetic: false,
    seed: 1,
    backend: 'wasm',
    look: { view: 'heat', blur: 0.02 },
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
    '--output',
    'classes',
    '--method',
    'integratedGradients',
    '--view',
    'mask',
    '--blur',
    '0',
    '--backend',
    'webgpu',
  ];
  expect(readFlags([...own, ...values, '--antithetic', '--seed', '7', '--out', 'o'])).toEqual({
    model: { location: 'folder', preset: mobilenet, labels: 'l.json', output: 'classes' },
    image: 'i.png',
    class: 'cat',
    method: 'integratedGradients',
    methodOptions: {},
    samples: 8,
    noise: 0.2,
    antithetic: true,
    seed: 7,
    backend: 'webgpu',
    look: { view: 'mask', blur: 0 },
    out: 'o',
  });
});

test('class activation maps are of a layer, and show what speaks for the class', () => {
  const methodOptions = (...args: string[]) => readFlags(args)?.methodOptions;
  expect(methodOptions('--method', 'gradCam')).toEqual({ relu: true });
  expect(methodOptions('--method', 'layerCam', '--layer', 'conv_3')).toEqual({
    layer: 'conv_3',
    relu: true,
  });
  expect(methodOptions('--method', 'gradCam', '--layer=-2')).toEqual({ layer: -2, relu: true });
  expect(() => methodOptions('--layer', 'conv_3')).toThrow(
    /^--layer needs a --method that has one: .*gradCam, .*layerCam/,
  );
});

test('a preset may be left to be guessed', () => {
  expect(readFlags(['--model', 'folder'])?.model).toEqual({ location: 'folder' });
});

test('--help is enough by itself', () => {
  expect(readFlags(['--help'])).toBeUndefined();
});

const names = presetNames.join(', ');

test.each<[message: string, args: string[]]>([
  [`--preset must be one of ${names}, got 'vgg17'`, ['--model', 'folder', '--preset', 'vgg17']],
  ["--preset needs --model: the demo's own model has its own", ['--preset', 'vgg16']],
  ["--labels needs --model: the demo's own model has its own", ['--labels', 'l.json']],
  ["--output needs --model: the demo's own model has its own", ['--output', 'classes']],
  [`--method must be one of ${methodNames.join(', ')}, got 'lemon'`, ['--method', 'lemon']],
  ["--view must be one of heat, blend, mask, contour, got 'fog'", ['--view', 'fog']],
  ["--blur must be a number in 0..1, got '2%'", ['--blur', '2%']],
  ["--samples must be a positive integer, got '0'", ['--samples', '0']],
  ['--samples must be even with --antithetic, got 5', ['--samples', '5', '--antithetic']],
  ["--noise must be a number > 0, got '15%'", ['--noise', '15%']],
  ["--seed must be a positive integer, got '-1'", ['--seed=-1']],
  ["--backend must be wasm or webgpu, got 'cuda'", ['--backend', 'cuda']],
  ['--out is missing', ['--out', '']],
])('%s', (message, args) => {
  expect(() => readFlags(args)).toThrow(new Error(message));
});
