/** Options and arguments of every public function, by the library's own lists. */
import * as fc from 'fast-check';
import { setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createPreprocessing, smooth, unit, vgg16 } from 'tfjs-saliency';
import { attributionOptions } from '../../../src/method/attributionOptions.js';
import * as pictures from '../../../src/picture/index.js';
import { smoothingOptions } from '../../../src/smoothing/smoothingOptions.js';
import { asLayersModel, images } from '../../../test/contract/classifier.js';
import { METHODS } from '../../../test/contract/methods.js';
import { METRICS } from '../../../test/metric/metrics.js';
import { checkAfter, noTensorsLeft, WrongResult } from '../target.js';
import type { Target } from '../target.js';

/** No count is large: a run that was asked to be long is no hang. */
const anything = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 4, -1, 0.5, 1.5, 1e-12, NaN, Infinity, -Infinity, -0),
  fc.constantFrom('', 'argmax', 'logit', 'output', 'zeros', 'blur', 'mean', 'x'),
  fc.constantFrom<unknown>(null, undefined, true, false, [], {}, [1], [[1]], [NaN], unit, vgg16),
  fc.constantFrom<unknown>(
    () => 0,
    () => undefined,
    Symbol('s'),
    1n,
    new Date(0),
    new Map(),
  ),
  fc.jsonValue({ maxDepth: 2 }).filter((value) => typeof value !== 'number' || value < 5),
);

const classes = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>('argmax', 0, 3, [1, 2], { for: 0, against: 1 }),
  },
  { weight: 1, arbitrary: anything },
);

const optionsOf = (names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names), anything, { maxKeys: 3 });

const plain = fc.oneof(
  fc.constantFrom<unknown>(
    { data: Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)), shape: [8, 8, 1] },
    { data: new Float32Array(192), shape: [8, 8, 3] },
    { data: new Float32Array(3), shape: [8, 8, 3] },
    { data: new Float32Array([NaN, Infinity, 1, -1]), shape: [2, 2, 1] },
    { data: new Float32Array(0), shape: [0, 8] },
    { data: [1, 2, 3, 4], shape: [2, 2] },
  ),
  anything,
);

const bag = fc.dictionary(
  fc.constantFrom('sigma', 'mode', 'colormap', 'alpha', 'width', 'columns', 'gap', 'inputSize'),
  anything,
  { maxKeys: 3 },
);

type Call = (input: Tensor, map: Tensor, seed: number) => [string, () => unknown];

const drawn = <T>(arbitrary: fc.Arbitrary<T>, seed: number): T =>
  fc.sample(arbitrary, { seed, numRuns: 1 })[0]!;

/** One case of each public function. */
function callsOf(model: LayersModel): Call[] {
  const common = Object.keys(attributionOptions);
  const methods = METHODS.flatMap(([name, { attribute, table, quick }]): Call[] => {
    const own = [...common, ...Object.keys(table)];
    const call = (f: unknown, names: readonly string[], title: string, more = {}): Call => {
      return (input, _, seed) => {
        const [x, classIndex, options] = drawn(
          fc.tuple(
            fc.oneof(
              { weight: 9, arbitrary: fc.constant(input) },
              { weight: 1, arbitrary: anything },
            ),
            classes,
            optionsOf(names),
          ),
          seed,
        );
        const all = { ...quick, ...more, ...options };
        const run = f as (...args: unknown[]) => unknown;
        return [
          `${title} ${fc.stringify([classIndex, options])}`,
          () => run(model, x, classIndex, all),
        ];
      };
    };
    const samples = { samples: 2, seed: 1 };
    const smoothing = [...own, ...Object.keys(smoothingOptions)];
    return [
      call(attribute, own, name),
      call(attribute.async, own, `${name}.async`),
      call(smooth(attribute), smoothing, `smooth(${name})`, samples),
    ];
  });
  const metrics = METRICS.flatMap(([name, { options, quick, run, runAsync }]): Call[] =>
    [run, runAsync].map((measure): Call => (input, map, seed) => {
      const [classIndex, more] = drawn(
        fc.tuple(classes, optionsOf([...common, ...Object.keys(options)])),
        seed,
      );
      return [
        `${name} ${fc.stringify([classIndex, more])}`,
        () => measure(map, model, input, classIndex as never, { ...quick, ...more }),
      ];
    }),
  );
  const others = Object.entries<unknown>({ ...pictures, createPreprocessing })
    .filter((entry): entry is [string, () => unknown] => typeof entry[1] === 'function')
    .map(([name, f]): Call => (_, __, seed) => {
      const args = drawn(fc.tuple(plain, fc.oneof(plain, bag), bag), seed);
      return [
        `${name} ${fc.stringify(args)}`,
        () => (f as (...args: unknown[]) => unknown)(...args.slice(0, 1 + (Math.abs(seed) % 3))),
      ];
    });
  return [...methods, ...metrics, ...others];
}

const weightsOf = (model: LayersModel): string =>
  model
    .getWeights()
    .map((weight) => weight.dataSync().join())
    .join();

export const options: Target = {
  name: 'options',
  async open() {
    await setBackend('cpu');
    const model = asLayersModel().model as LayersModel;
    const input = tidy(() => images(1));
    const map = tensor(
      Array.from({ length: 64 }, (_, i) => Math.cos(i)),
      [8, 8, 1],
    );
    const weights = weightsOf(model);
    const calls = callsOf(model);
    const unchanged = () => {
      const checkTensors = noTensorsLeft();
      return () => {
        checkTensors();
        if (weightsOf(model) !== weights) throw new WrongResult('the model was changed');
      };
    };
    return {
      run: checkAfter(unchanged, async (draw, tell) => {
        const [what, call] = draw.pick(calls)(input, map, draw.integer(2 ** 31));
        tell(what);
        const result = await call();
        (result as Partial<Tensor> | undefined)?.dispose?.();
      }),
    };
  },
};
