/** SmoothGrad, whose samples all workers share. */
import { checkOptions } from '../../arguments.js';
import type { SmoothGradStepsOptions } from '../../method/smoothing/smoothGrad.js';
import { checkLongRun, totalSamples } from '../../method/smoothing/longRunOptions.js';
import type { ResultOf, Wrap } from '../input.js';
import type { Pool } from './pool.js';
import type { ArrayTensor, SplitMethod, SplitRequest } from '../protocol.js';
import { prepare } from './request.js';
import type { StepOf } from '../saliency.js';
import { SplitRun } from './splitRun.js';

type Call<Input> = [pool: Pool, spec: unknown, input: Input, classIndex: unknown, options?: object];

interface Opened {
  readonly run: SplitRun;
  readonly total: number;
  readonly options: SmoothGradStepsOptions;
  readonly wrap: Wrap;
  close(): void;
}

export async function smoothGrad<Input>(...call: Call<Input>): Promise<ResultOf<Input>> {
  const { run, wrap, close, options } = await open('smoothGrad', ...call);
  const { onProgress, until } = options;
  try {
    for (let finished = false; !finished;) {
      const { finished: ended, ...progress } = await run.advance(
        onProgress !== undefined || until !== undefined,
      );
      onProgress?.(progress);
      finished = ended;
    }
    return wrap(run.map()) as ResultOf<Input>;
  } finally {
    close();
  }
}

export async function* smoothGradSteps<Input>(
  ...call: Call<Input>
): AsyncGenerator<StepOf<Input>, void, undefined> {
  const { run, total, wrap, close, options } = await open('smoothGradSteps', ...call);
  const { onProgress, at, standardError = false } = options;
  try {
    for (let finished = false; !finished;) {
      const next = at?.find((count) => count > run.samplesDone) ?? total;
      const { finished: ended, ...progress } = await run.advance(true);
      onProgress?.(progress);
      finished = ended;
      const { done, reliability } = progress;
      if (!finished && at !== undefined && done < next) continue;
      const result = (array: ArrayTensor): ResultOf<Input> => wrap(array) as ResultOf<Input>;
      const step = { map: result(run.map()), done, total, reliability };
      yield standardError ? { ...step, standardError: result(run.standardError()) } : step;
    }
  } finally {
    close();
  }
}

async function open(
  method: SplitMethod,
  ...[pool, spec, input, classIndex, given = {}]: Call<unknown>
): Promise<Opened> {
  checkOptions(method, given, undefined);
  // One for all workers.
  const { seed = crypto.getRandomValues(new Uint32Array(1))[0] } = given as SmoothGradStepsOptions;
  const options: SmoothGradStepsOptions = { ...given, seed };
  checkLongRun(method, options);
  const total = totalSamples(method, options);
  const { signal, at, until, statistic, antithetic = false, standardError = false } = options;
  signal?.throwIfAborted();
  const rest = { method, classIndex, total };
  const prepared = await prepare<SplitRequest>(spec, input, options, rest, pool.size);
  const run = new SplitRun(
    pool.all(),
    { method, total, at, until, isVariance: statistic === 'variance', antithetic, standardError },
    (connection, id) => prepared.send(connection, (service, request) => service.open(id, request)),
    signal,
  );
  return {
    run,
    total,
    options,
    wrap: prepared.wrap,
    close() {
      run.close();
      prepared.dispose();
    },
  };
}
