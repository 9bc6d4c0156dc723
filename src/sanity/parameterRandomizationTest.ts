import type { Tensor } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import { checkChoice, checkPositiveInteger, outOfRange } from '../checks.js';
import { inFunction, named } from '../inFunction.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import { attributionOptions } from '../method/attributionOptions.js';
import type { Context } from '../method/context.js';
import type { AttributionFunction } from '../method/customMethod.js';
import type { Method } from '../method/defineMethod.js';
import { progressTeller } from '../method/tellProgress.js';
import { withName } from '../method/defineMethod.js';
import { meanOf } from '../metric/correlation.js';
import { checkCall, openMethod, readArgmax } from '../metric/defineAttributionMetric.js';
import type { AttributionCall } from '../metric/defineAttributionMetric.js';
import { registerMetric } from '../metric/defineMetric.js';
import type { MetricResult } from '../metric/defineMetric.js';
import { optionsOfMethod } from '../metric/methodOptions.js';
import type { ForMethod } from '../metric/methodOptions.js';
import type { MapNumbers } from '../metric/mapNumbers.js';
import { similarityOf } from '../metric/similarity.js';
import type { Model } from '../model/model.js';
import { option, optional, optionTable, readOptions } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import { throwIfAborted } from '../run/abort.js';
import { asyncOptions } from '../run/progress.js';
import type { AsyncOptions } from '../run/progress.js';
import { runAsync, runSync } from '../run/task.js';
import type { Task } from '../run/task.js';
import type { ClassIndex } from '../score/classIndex.js';
import { comparedMap, comparisonOptions } from './comparedMaps.js';
import { RandomWeights } from './randomWeights.js';
import { switchableModel } from './switchableModel.js';
import type { SwitchableModel } from './switchableModel.js';
import { weightLayers } from './weightLayers.js';
import type { WeightLayer } from './weightLayers.js';

const ORDERS = ['cascading', 'bottomUp', 'independent'] as const;
type RandomizationOrder = (typeof ORDERS)[number];

function checkOrder(argument: string, order: unknown): asserts order is RandomizationOrder {
  checkChoice(argument, order, ORDERS);
}

const randomizationOptions = /* @__PURE__ */ optionTable(() => ({
  ...comparisonOptions,
  /**
   * Which layers are random in a step. Default `'cascading'`.
   *
   * - `'cascading'`: the last one, then the last two, and so on to all
   * - `'bottomUp'`: the first one, then the first two, and so on
   * - `'independent'`: each one alone, from the last to the first
   */
  order: option<RandomizationOrder>(checkOrder, 'cascading'),
  /** How many steps there are, spread over the layers. Default: one for each layer. */
  steps: option<number | undefined>(optional(checkPositiveInteger), undefined),
}));

/**
 * Options of {@link parameterRandomizationTest}; those of the attribution go beside them.
 *
 * @interface
 */
export type RandomizationOptions = OptionsOf<typeof randomizationOptions>;

/** A step of the test. */
export interface RandomizedLayer {
  /** The layer whose weights became random in this step. */
  readonly name: string;
  /** Of the map with that of the model as it is. */
  readonly similarity: number;
}

/** A step of the test, with its map. */
export interface RandomizationStep extends RandomizedLayer {
  /** [h, w] of an image, or the shape of one input; the caller owns it. */
  readonly map: Tensor;
  readonly done: number;
  readonly total: number;
}

export interface RandomizationResult extends MetricResult {
  /** The mean of the similarities. */
  readonly score: number;
  /** The steps; none for the model as it is. */
  readonly layers: readonly RandomizedLayer[];
}

/** The test, with its asynchronous forms. */
export interface ParameterRandomizationTest {
  <MethodOptions extends object>(
    attribution: AttributionFunction<MethodOptions>,
    model: Model,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    options?: RandomizationOptions & MethodOptions & AttributionOptions & ForMethod,
  ): RandomizationResult;
  /** Computes the same with a turn of the event loop between passes, `onProgress`, `signal`. */
  readonly async: <MethodOptions extends object>(
    attribution: AttributionFunction<MethodOptions>,
    model: Model,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    options?: RandomizationOptions & MethodOptions & AttributionOptions & ForMethod & AsyncOptions,
  ) => Promise<RandomizationResult>;
  /** Yields the steps as they are computed, to be drawn. Leaving the loop early ends the run. */
  readonly steps: <MethodOptions extends object>(
    attribution: AttributionFunction<MethodOptions>,
    model: Model,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    options?: RandomizationOptions & MethodOptions & AttributionOptions & ForMethod & AsyncOptions,
  ) => AsyncGenerator<RandomizationStep, void, undefined>;
}

/**
 * Compares the map with maps of the model with random weights, layer after layer.
 *
 * A map that stays alike while the model forgets what it has learned does not show what it has
 * learned: read it as passed (similarity falls to what unrelated maps have) or failed, not as a
 * ranking of methods. Weights are permuted, each among its own numbers, as kernels are given them:
 * the model is not changed, and may be of any kind. `'argmax'` is the class that the model as it is
 * predicts. Costs a map for each step, and one.
 *
 * Source: Adebayo et al.: Sanity Checks for Saliency Maps, https://arxiv.org/abs/1810.03292
 *
 * @param attribution a method of the library, or any {@link AttributionFunction}
 * @param model as for the methods
 * @param input one image, as for the methods, with or without batch dimension
 * @param classIndex one class
 * @param options those of the test, and of the attribution, which gets all others
 * @throws TypeError or RangeError for a wrong argument
 * @function
 */
export const parameterRandomizationTest: ParameterRandomizationTest = /* @__PURE__ */ makeTest(
  'parameterRandomizationTest',
);

/* @__NO_SIDE_EFFECTS__ */
function makeTest(name: string): ParameterRandomizationTest {
  const sync = (...call: AttributionCall): RandomizationResult =>
    inFunction(name, () => {
      checkCall(call, randomizationOptions);
      const run = openRun(call);
      try {
        const read = (task: Task<Tensor>): MapNumbers => {
          const map = tidy(() => runSync(run.context.guarded(task)));
          const { shape } = map;
          const values = map.dataSync().slice();
          map.dispose();
          return { values, shape };
        };
        const clean = read(run.cleanMap());
        const layers = run.steps.map((_, step) => run.compared(step, clean, read(run.map(step))));
        return resultOf(layers);
      } finally {
        run.dispose();
      }
    });

  async function* stepsOf(call: AttributionCall): AsyncGenerator<RandomizationStep, void> {
    checkCall(call, randomizationOptions, asyncOptions);
    const { onProgress, signal } = readOptions(asyncOptions, call[4] ?? {});
    throwIfAborted(signal);
    const run = openRun(call);
    const tell = progressTeller(run.context, onProgress);
    const mapOf = (task: Task<Tensor>): Promise<Tensor> =>
      runAsync(run.context.guarded(task), () => {
        throwIfAborted(signal);
        return tell(run.rowsExpected);
      });
    try {
      await readArgmax(run.context);
      const map = await mapOf(run.cleanMap());
      const clean = { values: await map.data(), shape: map.shape };
      map.dispose();
      for (const step of run.steps.keys()) {
        const random = await mapOf(run.map(step));
        const values = { values: await random.data(), shape: random.shape };
        const compared = run.compared(step, clean, values);
        yield { ...compared, map: random, done: step + 1, total: run.steps.length };
      }
      await tell(run.context.rowsDone);
    } finally {
      run.dispose();
    }
  }

  const async = (...call: AttributionCall): Promise<RandomizationResult> =>
    inFunction(`${name}.async`, async () => {
      const layers: RandomizedLayer[] = [];
      for await (const { name: layer, similarity, map } of stepsOf(call)) {
        map.dispose();
        layers.push({ name: layer, similarity });
      }
      return resultOf(layers);
    });

  async function* steps(...call: AttributionCall): AsyncGenerator<RandomizationStep, void> {
    try {
      yield* stepsOf(call);
    } catch (error) {
      throw named(`${name}.steps`, error);
    }
  }

  const test = withName(name, Object.assign(sync, { async, steps }));
  const judged = { better: 'lower', judges: 'method', takesChannels: false } as const;
  registerMetric(test, { name, options: randomizationOptions, ...judged });
  return test as ParameterRandomizationTest;
}

const resultOf = (layers: readonly RandomizedLayer[]): RandomizationResult => ({
  score: meanOf(layers.map(({ similarity }) => similarity)),
  layers,
});

/** The maps of one call, with and without random weights. */
interface Run {
  readonly context: Context;
  readonly rowsExpected: number;
  /** The layer that becomes random in each step, and all that are. */
  readonly steps: readonly Step[];
  cleanMap(): Task<Tensor>;
  map(step: number): Task<Tensor>;
  compared(step: number, clean: MapNumbers, random: MapNumbers): RandomizedLayer;
  dispose(): void;
}

function openRun(call: AttributionCall): Run {
  const [, model, , classIndex, options = {}] = call;
  const values = readOptions(randomizationOptions, options);
  const opened = openMethod(call, { ...randomizationOptions, ...asyncOptions });
  const { method, methodOptions } = opened;
  const switchable = switchableModel(model);
  const weights = new RandomWeights(values.seed);
  let context: Context | undefined;
  try {
    const { output } = readOptions(
      attributionOptions,
      method.withDefaults(optionsOfMethod(options, randomizationOptions, method.options)),
    );
    const steps = stepsOver(weightLayers(model, opened.context.input, output), values);
    context = opened.reopen(switchable.model, classIndex);
    const parts = { context, method, methodOptions, values, switchable, weights };
    return {
      context,
      steps,
      rowsExpected: (1 + steps.length) * method.inputsPerImage(methodOptions),
      cleanMap: () => mapWith(parts, undefined),
      map: (step) => mapWith(parts, steps[step]!.random),
      compared: (step, clean, random) => ({
        name: steps[step]!.name,
        similarity: similarityOf(clean, random, values.similarity),
      }),
      dispose() {
        weights.dispose();
        parts.context.dispose();
      },
    };
  } catch (error) {
    weights.dispose();
    context?.dispose();
    throw error;
  } finally {
    opened.context.dispose();
  }
}

interface Step {
  readonly name: string;
  readonly random: readonly WeightLayer[];
}

type Options = ValuesOf<typeof randomizationOptions>;

function stepsOver(layers: readonly WeightLayer[], { order, steps }: Options): Step[] {
  if (layers.length === 0) {
    throw outOfRange('model', 'one with weights, such as convolutions', 'none in its tfjs ops');
  }
  const inOrder = order === 'bottomUp' ? layers : [...layers].reverse();
  const count = Math.min(steps ?? layers.length, layers.length);
  return Array.from({ length: count }, (_, step) => {
    const last = Math.round(((step + 1) * layers.length) / count) - 1;
    const random = inOrder.slice(order === 'independent' ? last : 0, last + 1);
    return { name: inOrder[last]!.name, random };
  });
}

interface Parts {
  readonly context: Context;
  readonly method: Method;
  readonly methodOptions: object;
  readonly values: Options;
  readonly switchable: SwitchableModel;
  readonly weights: RandomWeights;
}

/** Computes what is compared of the map while some layers are random. */
function* mapWith(
  { context, method, methodOptions, values, switchable, weights }: Parts,
  random: readonly WeightLayer[] | undefined,
): Task<Tensor> {
  // The class is that of the model as it is.
  yield* context.resolveArgmax();
  if (random !== undefined) {
    weights.randomize(random);
    switchable.hook = weights.hook;
  }
  try {
    const [map] = yield* method.attribute(context, context.input, methodOptions);
    try {
      return comparedMap(map!, values.aggregate);
    } finally {
      map!.dispose();
    }
  } finally {
    switchable.hook = undefined;
  }
}
