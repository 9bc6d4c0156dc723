/** Sampling methods, whose samples all workers share; one of them makes the map. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkBag } from '../../checks.js';
import { named } from '../../inFunction.js';
import { throwIfAborted } from '../../run/abort.js';
import { readConvergence } from '../../smoothing/convergenceOptions.js';
import type {
  ConvergenceRun,
  SmoothingStepOf,
  StepsOptions,
} from '../../smoothing/convergenceOptions.js';
import { convergedMap, convergingSteps } from '../../smoothing/samples.js';
import type { Samples } from '../../smoothing/samples.js';
import { shownOfNumbers } from '../../smoothing/plainView.js';
import { shownReliabilities } from '../../smoothing/shownReliability.js';
import type { View } from '../../smoothing/view.js';
import type { PlainTensor } from '../../plainTensor.js';
import type { ResultOf } from '../encodeInput.js';
import type { MethodCall, OpenedSampling, SampledMap } from '../protocol.js';
import { newId } from './connection.js';
import type { Connection } from './connection.js';
import { encodeCall } from './encodeCall.js';
import type { EncodedCall } from './encodeCall.js';
import type { Pool } from './pool.js';
import { ShardedSamples } from './shardedSamples.js';
import type { Merger } from './shardedSamples.js';

/** The view is of the map's numbers and shape; it stays on this side. */
type Options = Omit<StepsOptions, 'reliabilityOf'> & { reliabilityOf?: View | undefined };

/** Computes the map of a sampling method. */
export async function sampledMap<Input>(
  pool: Pool,
  merging: Connection,
  call: EncodedCall<MethodCall>,
  options: Options,
): Promise<ResultOf<Input>> {
  const { samples, run } = await open<Input>(pool, merging, call, options);
  return convergedMap(samples, run);
}

/** Yields the map of a sampling method as it converges. */
export async function* sampledSteps<Input>(
  pool: Pool,
  method: string,
  ...[modelRef, input, classIndex, options = {}]: [
    modelRef: unknown,
    input: Input,
    classIndex: unknown,
    options?: Options,
  ]
): AsyncGenerator<SmoothingStepOf<ResultOf<Input>>, void, undefined> {
  const caller = `${method}.steps`;
  try {
    checkBag('options', options);
    throwIfAborted(options.signal);
    const rest = { method, caller, classIndex };
    const call = await encodeCall<MethodCall>(modelRef, input, options, rest, pool.size);
    const { samples, run } = await open<Input>(pool, pool.leastBusy(), call, options);
    yield* convergingSteps(samples, run);
  } catch (error) {
    throw named(caller, error);
  }
}

async function open<Input>(
  pool: Pool,
  merging: Connection,
  call: EncodedCall<MethodCall>,
  options: Options,
): Promise<{ samples: Samples<ResultOf<Input>>; run: ConvergenceRun }> {
  const { at, until, reliabilityOf, onProgress, signal } = options;
  const id = newId();
  const opening = new Map<Connection, Promise<OpenedSampling>>();
  const openIn = (connection: Connection): Promise<OpenedSampling> => {
    const opened =
      opening.get(connection) ??
      call.send(connection, (service, encoded) => service.openSampling(id, encoded));
    opening.set(connection, opened);
    return opened;
  };
  let total: number;
  try {
    // The first knows the method's defaults, and how many samples there can be.
    ({ total } = await openIn(merging));
  } catch (error) {
    call.dispose();
    throw error;
  }
  const run = {
    ...readConvergence({
      at,
      until,
      reliabilityOf: reliabilityOf as View<Tensor>,
      onProgress,
      signal,
    }),
    total,
  };
  const samples = new ShardedSamples(
    pool.all(),
    { total, at, pairs: false, isWatched: true },
    openIn,
    mergerIn<ResultOf<Input>>(merging, id, (map) => call.wrap(map) as ResultOf<Input>),
    () => {
      call.dispose();
    },
    signal,
    id,
  );
  return { samples, run };
}

/** Merges in one worker, which is told of what the others have learnt. */
function mergerIn<Map>(
  merging: Connection,
  id: string,
  wrap: (map: SampledMap['map']) => Map,
): Merger<Map, Float32Array> {
  let last: SampledMap | undefined;
  return {
    ask: (connection, run, first, count) =>
      connection.call((service) => service.learn(run, first, count)),
    async add(learnt, count) {
      await merging.call((service) => service.merge(id, count, learnt));
    },
    async reliabilities(view) {
      last = await merging.call((service) => service.sampledMap(id, view !== undefined));
      const { halves, reliabilities } = last;
      if (view === undefined || halves === undefined) return reliabilities;
      const { shape, maps } = halves;
      return shownReliabilities(halves, shownOfNumbers(view as View<PlainTensor>, shape, maps));
    },
    classIndex: () => last?.classIndex ?? 'argmax',
    map: () => wrap(last!.map),
    standardError() {
      throw new Error('a map that is no mean has no standard error');
    },
  };
}
