// A run that ends early, at whatever pass and in whatever way, leaves as many tensors as it found.
import * as tf from '@tensorflow/tfjs-core';
import type { SmoothGradOptions, SmoothGradStepsOptions } from 'tfjs-saliency';
import {
  gradientTimesInput,
  integratedGradients,
  smooth,
  smoothGradAsync,
  smoothGradSteps,
} from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';

const PASSES = 6;
const SAMPLES = 2 * PASSES;
const OPTIONS: [string, SmoothGradOptions][] = [
  ['the mean', {}],
  ['the variance of aggregated samples', { statistic: 'variance', aggregate: 'l2' }],
  ['antithetic uniform noise', { antithetic: true, noise: 'uniform' }],
  ["every sample's own class", { perSampleArgmax: true }],
  ['a function as score', { score: (outputs) => tf.sum(outputs, 1) }],
];

const input = () => tf.randomNormal([2, 3, 4], 0, 1, 'float32', 1);
const network = (x: tf.Tensor) => tf.softmax(tf.sum(tf.pow(x, 3), 1));

/**
 * A model that does something besides in its nth run, the one for the clean input's class included.
 */
function onRun(nth: number, act: () => void) {
  let runs = 0;
  return (x: tf.Tensor) => {
    const y = network(x);
    if (++runs === nth) act();
    return y;
  };
}

describeOnEachBackend('a run of several passes', () => {
  describe.each(OPTIONS)('with %s', (_, options) => {
    const all = { samples: SAMPLES, seed: 1, batchSize: 4, ...options };
    const passes = Array.from({ length: PASSES }, (__, i) => i + 1);

    /**
     * What the run rejects with, or undefined, after which there are no more tensors than before.
     */
    async function ended(run: (x: tf.Tensor) => Promise<tf.Tensor>): Promise<unknown> {
      const x = input();
      const before = tf.memory();
      const outcome = await run(x).then(
        (map) => {
          map.dispose();
        },
        (error: unknown) => error,
      );
      const { numTensors, numDataBuffers, numBytes } = tf.memory();
      expect([numTensors, numDataBuffers, numBytes]).toEqual([
        before.numTensors,
        before.numDataBuffers,
        before.numBytes,
      ]);
      x.dispose();
      return outcome;
    }

    test.each(passes)('aborted after pass %d, by what hears of its progress', async (pass) => {
      const controller = new AbortController();
      let told = 0;
      const onProgress = () => {
        if (++told === pass) controller.abort('enough');
      };
      const outcome = await ended((x) =>
        smoothGradAsync(network, x, 'argmax', { ...all, signal: controller.signal, onProgress }),
      );
      // After the last one there is nothing left to abort.
      expect(outcome).toBe(pass === PASSES ? undefined : 'enough');
      expect(told).toBe(pass);
    });

    test.each(passes)('aborted in the middle of pass %d', async (pass) => {
      const controller = new AbortController();
      let told = 0;
      const first = options.perSampleArgmax === true ? 0 : 1;
      const model = onRun(first + pass, () => {
        controller.abort('enough');
      });
      const onProgress = () => told++;
      const outcome = await ended((x) =>
        smoothGradAsync(model, x, 'argmax', { ...all, signal: controller.signal, onProgress }),
      );
      expect(outcome).toBe('enough');
      expect(told).toBe(pass - 1);
    });

    test.each(passes)('ended in pass %d by an error of the model', async (pass) => {
      const error = new Error('out of luck');
      const model = onRun(pass, () => {
        throw error;
      });
      expect(await ended((x) => smoothGradAsync(model, x, 'argmax', all))).toBe(error);
    });

    test('aborted by a timer', async () => {
      const outcome = await ended((x) => {
        const controller = new AbortController();
        setTimeout(() => {
          controller.abort('too late');
        }, 20);
        return smoothGradAsync(network, x, 'argmax', {
          ...all,
          samples: 100_000,
          signal: controller.signal,
        });
      });
      expect(outcome).toBe('too late');
    });
  });
});

describeOnEachBackend('a sample that takes several passes', () => {
  const METHODS: [
    string,
    (model: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, signal: AbortSignal) => Promise<tf.Tensor>,
  ][] = [
    [
      'one image each',
      (model, x, signal) => smoothGradAsync(model, x, [0, 1], { samples: 3, batchSize: 1, signal }),
    ],
    [
      'one step of one image each',
      (model, x, signal) =>
        smooth(integratedGradients).async(model, x, [0, 1], {
          samples: 2,
          batchSize: 1,
          steps: 3,
          signal,
        }),
    ],
    [
      'one image each, times the input',
      (model, x, signal) =>
        smooth(gradientTimesInput).async(model, x, [0, 1], { samples: 3, batchSize: 1, signal }),
    ],
  ];

  test.each(METHODS)('gives the event loop a turn between them: %s', async (_, run) => {
    const x = input();
    const before = tf.memory();
    for (const nth of [1, 2, 3, 4, 5]) {
      const controller = new AbortController();
      let runs = 0;
      const model = (batch: tf.Tensor) => {
        // Only a turn of the event loop lets this happen before the next pass.
        if (++runs === nth) {
          setImmediate(() => {
            controller.abort('enough');
          });
        }
        return network(batch);
      };
      await expect(run(model, x, controller.signal)).rejects.toBe('enough');
      expect(runs).toBe(nth);
      const { numTensors, numDataBuffers, numBytes } = tf.memory();
      expect([numTensors, numDataBuffers, numBytes]).toEqual([
        before.numTensors,
        before.numDataBuffers,
        before.numBytes,
      ]);
    }
    x.dispose();
  });
});

describeOnEachBackend('a generator of steps', () => {
  const all: SmoothGradStepsOptions = {
    samples: SAMPLES,
    seed: 1,
    batchSize: 4,
    standardError: true,
  };
  type Steps = ReturnType<typeof smoothGradSteps>;
  const GENERATORS: [string, (x: tf.Tensor) => Steps][] = [
    ['smoothGradSteps', (x) => smoothGradSteps(network, x, 'argmax', all)],
    [
      'antithetic steps, in the middle of a pair',
      (x) => smoothGradSteps(network, x, 0, { ...all, antithetic: true, at: [1, 3, 5, 7, 9, 12] }),
    ],
    [
      'steps of another method',
      (x) => smooth(integratedGradients).steps(network, x, 'argmax', { ...all, steps: 2 }),
    ],
  ];

  /** Takes so many steps, frees them, and returns the generator as it stands. */
  async function advanced(generator: Steps, count: number): Promise<Steps> {
    for (let taken = 0; taken < count; taken++) {
      const { value } = await generator.next();
      value!.map.dispose();
      value!.standardError!.dispose();
    }
    return generator;
  }

  const LEAVING: [string, (generator: Steps) => Promise<unknown>][] = [
    [
      'break',
      async (generator) => {
        for await (const { map, standardError } of generator) {
          tf.dispose([map, standardError!]);
          break;
        }
      },
    ],
    [
      'an error in the loop',
      async (generator) => {
        const error = new Error('no more');
        const loop = async () => {
          for await (const { map, standardError } of generator) {
            tf.dispose([map, standardError!]);
            throw error;
          }
          throw error; // where there was no step left
        };
        await expect(loop()).rejects.toBe(error);
      },
    ],
    ['return()', (generator) => generator.return()],
    [
      'throw()',
      (generator) => expect(generator.throw(new Error('no more'))).rejects.toThrow('no more'),
    ],
    [
      'going to its end',
      async (generator) => {
        for await (const { map, standardError } of generator) tf.dispose([map, standardError!]);
      },
    ],
  ];

  describe.each(GENERATORS)('%s', (_, generate) => {
    test.each(LEAVING)('left by %s, after any number of steps', async (__, leave) => {
      const x = input();
      const before = tf.memory().numTensors;
      for (let steps = 0; steps <= PASSES; steps++) {
        await leave(await advanced(generate(x), steps));
        expect(tf.memory().numTensors).toBe(before);
      }
    });

    test('never begun computes nothing and holds nothing', async () => {
      const x = input();
      const before = tf.memory().numTensors;
      const generator = generate(x);
      expect(tf.memory().numTensors).toBe(before);
      await generator.return();
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  test('does not take the maps that it gave with it', async () => {
    const generator = smoothGradSteps(network, input(), 'argmax', all);
    const { value } = await generator.next();
    await generator.return();
    expect(value!.map.isDisposed).toBe(false);
    expect(value!.map.dataSync()).toHaveLength(24);
  });
});
