// Oracle: the messages that the library documents, one line each.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { smoothGradAsync, vanillaGradient } from 'tfjs-saliency';
import { readImage } from 'tfjs-saliency/node';
import { runHere } from '../testing/runHere.js';
import { InputError } from './run.js';

const x = tf.ones([1, 4]);
const sum = (input: tf.Tensor) => tf.sum(input, 1, true);

const CALLS: [what: string, call: () => unknown, line: string][] = [
  [
    'a wrong flag',
    () => {
      throw new InputError('--in is missing');
    },
    '--in is missing',
  ],
  [
    'a file that is not there',
    () => readImage('none.jpg'),
    expect.stringContaining('none.jpg: no such file') as string,
  ],
  [
    'a class that there is not',
    () => vanillaGradient(sum, x, 3),
    "vanillaGradient: classIndex must be less than the model's 1 outputs, got 3",
  ],
  [
    'a wrong option',
    () => smoothGradAsync(sum, x, 0, { samples: 'many' as never }),
    "smoothGradAsync: samples must be a positive integer, got 'many'",
  ],
  [
    'a model without gradient',
    () => vanillaGradient((input) => sum(tf.floor(input)), x, 0),
    expect.stringMatching(
      /^vanillaGradient: the score does not depend on the input .*\(Floor\)/,
    ) as string,
  ],
];

test.each(CALLS)('one line for %s', async (_, call, line) => {
  const { status, stdout, stderr } = await runHere(
    'program',
    async () => {
      await call();
    },
    [],
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  const [first, ...rest] = stderr.split('\n');
  expect(first!.startsWith('program: ')).toBe(true);
  expect(first!.slice('program: '.length)).toEqual(line);
  expect(rest).toEqual(['']);
});

test('a fault of the program keeps its stack', async () => {
  const { status, stderr } = await runHere(
    'program',
    () => Promise.reject(new TypeError("Cannot read properties of undefined (reading 'x')")),
    [],
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/^TypeError: Cannot read properties.*\n +at /);
});
