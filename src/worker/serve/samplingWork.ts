/** In the worker: its part of a run of a sampling method. */
import { checkPositiveInteger, outOfRange } from '../../checks.js';
import { inFunction } from '../../inFunction.js';
import { attributionOptions } from '../../method/attributionOptions.js';
import { checkKnown } from '../../options.js';
import { throwIfAborted } from '../../run/abort.js';
import { yieldToEventLoop } from '../../run/yieldToEventLoop.js';
import { isSampling, openSampledRun, readSampling } from '../../sampling/sampledRun.js';
import type { SampledRun } from '../../sampling/sampledRun.js';
import type { ClassIndex } from '../../score/classIndex.js';
import { sampledStepsOptions } from '../../smoothing/convergenceOptions.js';
import type { MethodCall, OpenedSampling, SampledMap } from '../protocol.js';
import { methodCalled } from './compute.js';
import { decodeInput, decodeOptions, encodeResult } from './decode.js';
import type { LoadedModel } from './models.js';
import { CANCELLED } from './sampleRun.js';

export class SamplingWork {
  private readonly ended = new AbortController();
  private readonly run: Promise<SampledRun>;
  /** The chunks that were asked for so far. */
  private queue: Promise<unknown> = Promise.resolve();
  private readonly caller: string;

  constructor(call: MethodCall, loaded: LoadedModel) {
    this.caller = call.caller;
    this.run = inFunction(call.caller, () => open(call, loaded, this.ended.signal));
    this.run.catch(() => undefined); // who opens it is told
  }

  async opened(): Promise<OpenedSampling> {
    const { samplesPerPass, total } = await this.run;
    return { samplesPerPass, total };
  }

  /** Computes what samples teach, after the chunks that were asked for before. */
  learn(first: number, count: number): Promise<Float32Array> {
    const learnt = this.queue.then(() =>
      inFunction(this.caller, async () => {
        const run = await this.run;
        checkPositiveInteger('count', count);
        await yieldToEventLoop(); // the run may have been closed in the meantime
        throwIfAborted(this.ended.signal);
        return run.compute(first, count, () => {
          throwIfAborted(this.ended.signal);
        });
      }),
    );
    this.queue = learnt.catch(() => undefined);
    return learnt;
  }

  async merge(count: number, learnt: Float32Array): Promise<void> {
    (await this.run).merge(count, learnt);
  }

  /** @param withHalves whether what is shown of the halves is asked on the other side */
  async sampledMap(withHalves: boolean): Promise<SampledMap> {
    const run = await this.run;
    return {
      map: await encodeResult(run.map()),
      classIndex: await run.classIndex(),
      reliabilities: await run.reliabilities(),
      halves: withHalves ? run.halves() : undefined,
    };
  }

  /** Ends the run within one pass and frees it. */
  async close(): Promise<void> {
    if (this.ended.signal.aborted) return;
    this.ended.abort(CANCELLED);
    await this.queue;
    await this.run.then(
      (run) => {
        run.dispose();
      },
      () => undefined,
    );
  }
}

async function open(
  { method: name, input, classIndex, options }: MethodCall,
  { model, preprocess, score, inputSpec, gradients }: LoadedModel,
  signal: AbortSignal,
): Promise<SampledRun> {
  const method = methodCalled(name);
  if (!isSampling(method)) throw outOfRange('method', 'one that learns from samples', name);
  const table = method.options as Parameters<typeof readSampling>[0];
  const decoded = decodeOptions(options, { preprocess, score, inputSpec, gradients });
  const decodedInput = decodeInput(input);
  try {
    checkKnown(decoded.value, attributionOptions, table, sampledStepsOptions);
    const { total } = readSampling(table, decoded.value);
    const index = classIndex as ClassIndex;
    const run = { total, signal };
    return await openSampledRun(method, run, model, decodedInput.value, index, decoded.value);
  } finally {
    decodedInput.dispose();
    decoded.dispose();
  }
}
