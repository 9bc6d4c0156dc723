/** Smoothing around any method, whose samples all workers share. */
import { checkBag } from '../../checks.js';
import { inFunction, named } from '../../inFunction.js';
import type { PlainTensor } from '../../plainTensor.js';
import { throwIfAborted } from '../../run/abort.js';
import { readConvergence } from '../../smoothing/convergenceOptions.js';
import type {
  ConvergenceRun,
  SmoothingStepOf,
  StepsOptions,
} from '../../smoothing/convergenceOptions.js';
import { convergedMap, convergingSteps } from '../../smoothing/samples.js';
import type { Samples } from '../../smoothing/samples.js';
import type { SmoothingOptions } from '../../smoothing/smoothingOptions.js';
import type { View } from '../../smoothing/view.js';
import type { ResultOf } from '../encodeInput.js';
import type { ArrayTensor, Chunk, SmoothCall } from '../protocol.js';
import { encodeCall } from './encodeCall.js';
import { MergedRun } from './mergedRun.js';
import type { Pool } from './pool.js';
import { ShardedSamples } from './shardedSamples.js';
import type { Merger } from './shardedSamples.js';

type Options = SmoothingOptions & StepsOptions;
type Call<Input> = [modelRef: unknown, input: Input, classIndex: unknown, options?: object];

/** Computes the converged map of a smoothed method. */
export function smoothOnAllWorkers<Input>(
  pool: Pool,
  caller: string,
  method: string,
  ...call: Call<Input>
): Promise<ResultOf<Input>> {
  return inFunction(caller, async () => {
    const { samples, run } = await open<Input>(pool, { caller, method, inSteps: false }, ...call);
    return convergedMap(samples, run);
  });
}

/** Yields the map of a smoothed method as it converges. */
export async function* smoothStepsOnAllWorkers<Input>(
  pool: Pool,
  caller: string,
  method: string,
  ...call: Call<Input>
): AsyncGenerator<SmoothingStepOf<ResultOf<Input>>, void, undefined> {
  try {
    const { samples, run } = await open<Input>(pool, { caller, method, inSteps: true }, ...call);
    yield* convergingSteps(samples, run);
  } catch (error) {
    throw named(caller, error);
  }
}

async function open<Input>(
  pool: Pool,
  names: Pick<SmoothCall, 'caller' | 'method' | 'inSteps'>,
  ...[modelRef, input, classIndex, callOptions = {}]: Call<Input>
): Promise<{ samples: Samples<ResultOf<Input>>; run: ConvergenceRun }> {
  checkBag('options', callOptions);
  // One for all workers.
  const { seed = crypto.getRandomValues(new Uint32Array(1))[0]! } = callOptions as Options;
  const options: Options = { ...callOptions, seed };
  const run = readConvergence(options);
  throwIfAborted(run.signal);
  const rest = { ...names, classIndex, total: run.total };
  const call = await encodeCall<SmoothCall>(modelRef, input, options, rest, pool.size);
  const { total, at, until, standardError, onProgress } = run;
  const isEachPassAStep = names.inSteps && at === undefined;
  const isWatched = isEachPassAStep || until !== undefined || onProgress !== undefined;
  const { statistic, antithetic = false } = options;
  const wrap = (array: ArrayTensor) => call.wrap(array) as ResultOf<Input>;
  const merged = new MergedRun(statistic === 'variance');
  const merger: Merger<ResultOf<Input>, Chunk> = {
    ask: (connection, id, first, count) =>
      connection.call((service) => service.samples(id, first, count)),
    add: (chunk) => {
      merged.add(chunk);
    },
    map: () => wrap(merged.map()),
    standardError: () => wrap(merged.standardError(antithetic)),
    reliabilities: (view) => merged.reliabilities(view as View<PlainTensor> | undefined),
    classIndex: () => merged.classIndex,
  };
  const samples = new ShardedSamples(
    pool.all(),
    { total, at, pairs: antithetic && standardError, isWatched },
    (connection, id) => call.send(connection, (service, encoded) => service.open(id, encoded)),
    merger,
    () => {
      call.dispose();
    },
    run.signal,
  );
  return { samples, run };
}
