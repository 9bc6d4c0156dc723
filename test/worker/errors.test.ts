// Oracle: the errors of the library's own functions, whose class and message have to arrive.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import {
  createPreprocessing,
  GradientError,
  smoothGrad,
  unit,
  vanillaGradient,
} from 'tfjs-saliency';
import { connectSaliency } from 'tfjs-saliency/worker';
import { expectError } from '../method/expectError.js';
import { powers } from './models.js';
import { connect, start, tell } from './workers.js';

const image = tf.randomNormal([1, 2, 3, 2], 0, 1, 'float32', 2);
const { saliency, started } = connect(1);

const errorOf = (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => {
      throw new Error('the call was expected to fail');
    },
    (error: Error) => error,
  );

/** Expects an error of exactly this class and message. */
async function expectRejection(
  call: Promise<unknown>,
  kind: new (...args: never[]) => Error,
  message: string,
) {
  const error = await errorOf(call);
  expect(error.message).toBe(message);
  expect(error).toBeInstanceOf(kind);
  expect(error.name).toBe(
    new (kind as new (text: string, options: object) => Error)('', { batchSize: 1 }).name,
  );
  return error;
}

const WRONG: [string, () => unknown, () => Promise<unknown>][] = [
  [
    'a class that there is not',
    () => vanillaGradient((x) => powers(x), image, 9),
    () => saliency.vanillaGradient({}, image, 9),
  ],
  [
    'samples that are none',
    () => smoothGrad((x) => powers(x), image, 1, { samples: 0 }),
    () => saliency.smoothGrad({}, image, 1, { samples: 0 }),
  ],
  [
    'an unknown option',
    () => smoothGrad((x) => powers(x), image, 1, { sample: 3 } as object),
    () => saliency.smoothGrad({}, image, 1, { sample: 3 } as object),
  ],
  [
    'a classIndex of the wrong type',
    () => vanillaGradient((x) => powers(x), image, '1' as never),
    () => saliency.vanillaGradient({}, image, '1' as never),
  ],
  [
    'an option of the wrong type',
    () => smoothGrad((x) => powers(x), image, 1, { noiseLevel: '1' as never }),
    () => saliency.smoothGrad({}, image, 1, { noiseLevel: '1' as never }),
  ],
];

test.each(WRONG)('the library refuses %s, with its own error', async (_, here, there) => {
  const error = await errorOf(there());
  const kind = error instanceof RangeError ? RangeError : TypeError;
  expectError(here, kind, error.message);
  expect(error).toBeInstanceOf(kind);
});

test('errors of the model keep class, message and parts', async () => {
  const act = (name: string) => saliency.vanillaGradient({ act: `throw ${name}` }, image, 1);
  await expectRejection(act('TypeError'), TypeError, 'a wrong type');
  const gradient = await expectRejection(act('GradientError'), GradientError, 'no gradient');
  expect((gradient as GradientError).op).toBe('Floor');
  expect(await errorOf(act('own error'))).toMatchObject({
    name: 'OwnError',
    message: 'an own error',
  });
  expect(await errorOf(act('text'))).toMatchObject({ name: 'Error', message: 'only a text' });
});

test("an error of load is the call's, and the next call loads again", async () => {
  const before = await tell(started[0]!);
  for (let calls = 1; calls <= 2; calls++) {
    await expectRejection(
      saliency.predict({ refuse: 'no such model' }, image),
      RangeError,
      'no such model',
    );
  }
  expect((await tell(started[0]!)).loads).toBe(before.loads + 2);
});

const UNSENDABLE: [string, () => Promise<unknown>, string][] = [
  [
    'a score function',
    () => saliency.vanillaGradient({}, image, 1, { score: powers as never }),
    'vanillaGradient: score must be data, which alone can be sent to a worker, got function powers; ' +
      'let load return your own beside the model, { model, score }',
  ],
  [
    'a noise function',
    () => saliency.smoothGrad({}, image, 1, { noise: (() => image) as never }),
    'smoothGrad: noise must be data, which alone can be sent to a worker, got function noise; ' +
      'let load return your own beside the model, { model, noise }',
  ],
  [
    "preprocessing of one's own",
    () =>
      saliency.smoothGrad({}, image, 1, { preprocess: { ...unit, options: undefined } as never }),
    "smoothGrad: preprocess must be a preset, its name, or one of createPreprocessing's, which alone can be sent to a " +
      'worker, got { name, inputSize, range, options, preprocess, deprocess }; ' +
      'let load return your own beside the model, { model, preprocess }',
  ],
  [
    'input of another kind',
    () => saliency.predict({}, 'photo.jpg' as never),
    'predict: input must be a tensor, numbers { data, shape }, nested arrays, pixels { data, width, height } or an ' +
      "image, got 'photo.jpg'",
  ],
  [
    'options that are no bag',
    () => saliency.smoothGrad({}, image, 1, null as never),
    'smoothGrad: options must be an object, got null',
  ],
  [
    'a signal that is none',
    () => saliency.predict({}, image, { signal: true as never }),
    'predict: signal must be an AbortSignal, got true',
  ],
  [
    'a spec that is a function',
    () => saliency.predict((() => 1) as never, image),
    'predict: the arguments must be data that can be sent to a worker (() => 1 could not be cloned.)',
  ],
];

test.each(UNSENDABLE)('%s is refused here, before anything is sent', async (_, call, message) => {
  const before = await tell(started[0]!);
  await expectRejection(call(), TypeError, message);
  expect(await tell(started[0]!)).toEqual(before);
});

test('numbers that do not fill their shape are refused', async () => {
  const call = saliency.predict({}, { data: [1, 2, 3], shape: [2, 2] });
  await expectRejection(
    call,
    RangeError,
    'predict: input.data.length must be 4, as its shape says, got 3',
  );
});

test('a preset of an unknown name is refused by the worker', async () => {
  const error = await errorOf(saliency.predict({}, image, { preprocess: 'vgg61' as never }));
  expect(error).toBeInstanceOf(RangeError);
  expect(error.message).toMatch(
    /^predict: preprocess must be one of 'efficientnet', .*, got 'vgg61'$/,
  );
});

test('what load returned beside the model takes the place of options that cannot be sent', async () => {
  const photo = tf.randomUniform([4, 4, 3], 0, 255, 'float32', 1);
  const preprocess = createPreprocessing({ ...unit.options, inputSize: [2, 2] });
  const own = { preprocess, score: (outputs: tf.Tensor) => tf.sum(outputs, 1) };
  const gradient = await saliency.vanillaGradient({ own: true }, photo, 1);
  expect([...gradient.dataSync()]).toEqual(
    closeTo(vanillaGradient((x) => powers(x), photo, 1, own)),
  );
  const noise = (shape: number[]) => tf.fill(shape, 0.5);
  const map = await saliency.smoothGrad({ own: true }, photo, 1, { samples: 2 });
  expect([...map.dataSync()]).toEqual(
    closeTo(smoothGrad((x) => powers(x), photo, 1, { ...own, noise, samples: 2 })),
  );
  const logit = await saliency.vanillaGradient({ own: true }, photo, 1, { score: 'logit' });
  expect([...logit.dataSync()]).toEqual(
    closeTo(vanillaGradient((x) => powers(x), photo, 1, { preprocess })),
  );
});

const closeTo = (map: tf.Tensor): unknown[] =>
  [...map.dataSync()].map((value) => expect.closeTo(value, 4) as unknown);

test('connectSaliency checks what it is given', async () => {
  expectError(
    () => connectSaliency({} as never),
    TypeError,
    'connectSaliency: worker must be a worker, or a function that starts one, got {}',
  );
  expectError(
    () => connectSaliency(() => start(), { workers: 0 }),
    RangeError,
    'connectSaliency: workers must be a positive integer, got 0',
  );
  expectError(
    () => connectSaliency(() => start(), { threads: 2 } as object),
    TypeError,
    "connectSaliency: unknown option 'threads', known are workers, startTimeout",
  );
  const worker = start();
  expectError(
    () => connectSaliency(worker, { workers: 2 }),
    RangeError,
    'connectSaliency: workers must be 1, unless a function starts them, got 2',
  );
  await worker.terminate();
});
