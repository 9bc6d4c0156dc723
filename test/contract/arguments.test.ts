// Oracle: the tables of options themselves: what is in none of them is refused by its name, and so
// is a value that no option takes, before the model runs; for every method and smoothing around it.
import type * as tf from '@tensorflow/tfjs-core';
import { smooth } from 'tfjs-saliency';
import { attributionOptions } from '../../src/method/attributionOptions.js';
import { asyncOptions } from '../../src/run/progress.js';
import { stepsOptions } from '../../src/smoothing/convergenceOptions.js';
import { smoothingOptions } from '../../src/smoothing/smoothingOptions.js';
import { describeOnWasm } from '../backends.js';
import { tensorCounts } from '../gradient/state.js';
import { images } from './classifier.js';
import { METHODS } from './methods.js';

const WRONG: readonly unknown[] = [null, NaN, Symbol('wrong')];

describeOnWasm('arguments of every method', () => {
  const neverRun = Object.assign(
    (): tf.Tensor => {
      throw new Error('the model ran');
    },
    { inputs: [{ shape: [null, 8, 8, 3] }] },
  );

  let input: tf.Tensor;
  beforeAll(() => {
    input = images(1);
  });

  describe.each(METHODS)('%s', (name, { attribute, table }) => {
    const smoothed = smooth(attribute);
    const smoothedName = `smooth(${name})`;
    const common = [...Object.keys(attributionOptions), ...Object.keys(table)];
    const smoothing = [...common, ...Object.keys(smoothingOptions)];
    type Call = (options: object, x?: unknown, classIndex?: unknown, model?: unknown) => unknown;
    const started = (f: unknown): Call => {
      const call = f as (...args: unknown[]) => unknown;
      return (options, x = input, classIndex = 0, model = neverRun) =>
        call(model, x, classIndex, options);
    };
    /** [its name in errors, its options, how it is called] */
    const CALLS: [string, string[], Call][] = [
      [name, common, started(attribute)],
      [`${name}.async`, [...common, ...Object.keys(asyncOptions)], started(attribute.async)],
      [smoothedName, smoothing, started(smoothed)],
      [
        `${smoothedName}Steps`,
        [...smoothing, ...Object.keys(stepsOptions)],
        (...args) => (started(smoothed.steps)(...args) as AsyncGenerator).next(),
      ],
    ];

    /** What a call throws, at once or as a rejection. */
    async function errorOf(call: () => unknown): Promise<Error> {
      try {
        await call();
      } catch (error) {
        return error as Error;
      }
      throw new Error('no error');
    }

    describe.each(CALLS)('%s', (caller, options, call) => {
      test('refuses an unknown option by its name', async () => {
        for (const option of ['frobnicate', 'perSampleArgmax ', 'classIndex']) {
          const error = await errorOf(() => call({ [option]: 1 }));
          expect(error).toBeInstanceOf(TypeError);
          expect(error.message).toContain(`${caller}: unknown option '${option}', `);
        }
      });

      test.each(options)('refuses a wrong %s before the model runs', async (option) => {
        for (const wrong of WRONG) {
          const error = await errorOf(() => call({ [option]: wrong }));
          expect([TypeError, RangeError]).toContain(error.constructor);
          expect(error.message).toContain(`${caller}: ${option} must be `);
          expect(error.message).toContain(`got ${String(wrong)}`);
        }
      });

      test('refuses a wrong model, input or class before the model runs, and leaves nothing', async () => {
        const x = input;
        const before = tensorCounts();
        const CASES: [string, ...Parameters<Call>][] = [
          ['options', 7 as never],
          ['input', {}, 'photo.png'],
          ['input', {}, Promise.resolve(x)],
          ['classIndex', {}, x, -1],
          ['classIndex', {}, x, 1.5],
          ['classIndex', {}, x, 'best'],
          ['classIndex', {}, x, [0, 1]],
          ['classIndex', {}, x, { for: 1, against: 1 }],
          ['model', {}, x, 0, {}],
          ['model', {}, x, 0, Promise.resolve(neverRun)],
        ];
        for (const [argument, ...args] of CASES) {
          const error = await errorOf(() => call(...args));
          expect([TypeError, RangeError]).toContain(error.constructor);
          expect(error.message).toContain(`${caller}: ${argument} must be `);
        }
        expect(tensorCounts()).toEqual(before);
      });
    });
  });
});
