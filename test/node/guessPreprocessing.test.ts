/** Oracle: the formulas of `@teachablemachine/image` 0.8.5 by hand; else what a shape can tell. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { guessPreprocessing, loadModel } from '../../src/node/index.js';
import type { PreprocessingGuess } from '../../src/node/index.js';
import { gray, teachableMachine } from 'tfjs-saliency';
import { temporaryFolder } from './temporaryFolder.js';
import { writeTeachableMachine } from './writeModels.js';

const { at, write } = temporaryFolder();
beforeAll(() => tf.setBackend('cpu'));

function guess(shape: (number | null)[] | undefined, folder = at()): Promise<PreprocessingGuess> {
  const predict = (x: tf.Tensor) => x;
  const model = shape === undefined ? { predict } : { predict, inputs: [{ shape }] };
  return guessPreprocessing(model, folder);
}

test('a folder of Teachable Machine, by its metadata.json', async () => {
  await writeTeachableMachine(at('tm'));
  const model = await loadModel(at('tm'));
  for (const location of [at('tm'), at('tm', 'model.json')]) {
    const { preprocess, reason } = await guessPreprocessing(model, location);
    expect(preprocess!.options).toEqual(teachableMachine.options);
    expect(reason).toBe('Teachable Machine, by its metadata.json: teachableMachine, 224 x 224');
  }
  model.dispose();
});

test('its gray models: (0.2989 R + 0.587 G + 0.114 B) / 127 - 1', async () => {
  write('tmGray/metadata.json', {
    packageName: '@teachablemachine/image',
    labels: ['Cat', 'Dog'],
    imageSize: 96,
    grayscale: true,
  });
  for (const shape of [[null, 96, 96, 1], undefined]) {
    const { preprocess, reason } = await guess(shape, at('tmGray'));
    expect(reason).toBe('Teachable Machine, by its metadata.json: teachableMachine, 96 x 96, gray');
    expect(preprocess!.inputSize).toEqual([96, 96]);
    const photo = tf.tidy(() => tf.add(tf.zeros([96, 96, 3]), tf.tensor1d([200, 100, 50])));
    const input = preprocess!.preprocess(photo);
    expect(input.shape).toEqual([1, 96, 96, 1]);
    const expected = (0.2989 * 200 + 0.587 * 100 + 0.114 * 50) / 127 - 1;
    for (const value of input.dataSync()) expect(value).toBeCloseTo(expected, 5);
    tf.dispose([photo, input]);
  }
});

test('gray images, by the shape of the input', async () => {
  const { preprocess, reason } = await guess([null, 28, 28, 1]);
  expect(preprocess!.options).toEqual(gray.options);
  expect(reason).toBe(
    "gray images, by the input's shape [n, 28, 28, 1]: gray, 28 x 28, values in 0..1",
  );
  expect((await guess([-1, 32, 48, 1])).preprocess!.inputSize).toEqual([32, 48]);
});

test.each<[shape: (number | null)[] | undefined, reason: string]>([
  [
    [null, 224, 224, 3],
    'the model takes colours, [n, 224, 224, 3], and nothing tells their scale: choose by its ' +
      'training among unit (0..1), mobilenet (-1..1), efficientnet (0..255), vgg16, torch, ...',
  ],
  [
    [null, 3, 224, 224],
    'the model takes channels first, [n, 3, 224, 224], where presets give them last: ' +
      'wrap it, x => model.predict(tf.transpose(x, [0, 3, 1, 2]))',
  ],
  [[null, -1, null, 1], 'the model takes gray images of any size, [n, ?, ?, 1]'],
  [[null, 10], 'the model takes [n, 10], which is no image'],
  [[null, 8, 8, 5], 'the model takes [n, 8, 8, 5], which is neither gray nor in colours'],
  [undefined, 'the model does not tell the shape of its input'],
])('%j cannot be known', async (shape, reason) => {
  expect(await guess(shape)).toEqual({ preprocess: undefined, reason });
});

test.each<[string, unknown]>([
  ['pose', { packageName: '@teachablemachine/pose', labels: ['Up'] }],
  ['text', 'not JSON'],
  ['null', 'null'],
])("another program's metadata.json (%s) says nothing", async (name, content) => {
  write(`${name}/metadata.json`, content);
  expect((await guess([null, 10, 10, 3], at(name))).preprocess).toBeUndefined();
});

test('wrong arguments', async () => {
  await expect(guessPreprocessing({} as never, at())).rejects.toThrow(
    new TypeError('guessPreprocessing: model must be an object with a predict method, got {}'),
  );
  await expect(guess([null, 1, 1, 1], 5 as never)).rejects.toThrow(
    new TypeError('guessPreprocessing: folder must be a path, got 5'),
  );
});
