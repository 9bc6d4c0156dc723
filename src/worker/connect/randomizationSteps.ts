/** The parameter randomisation test, whose steps one worker computes. */
import { checkBag } from '../../checks.js';
import { named } from '../../inFunction.js';
import { abortable, throwIfAborted } from '../../run/abort.js';
import type { AsyncOptions } from '../../run/progress.js';
import type { EncodedStep, MeasureCall } from '../protocol.js';
import { newId } from './connection.js';
import { encodeCall } from './encodeCall.js';
import type { Pool } from './pool.js';

/** Yields the steps of the test of a method, by its name. */
export async function* randomizationSteps(
  pool: Pool,
  method: string,
  modelRef: unknown,
  input: unknown,
  classIndex: unknown,
  options: object = {},
): AsyncGenerator<EncodedStep, void, undefined> {
  const caller = 'randomizationSteps';
  try {
    checkBag('options', options);
    const { signal, ...rest } = options as Pick<AsyncOptions, 'signal'>;
    throwIfAborted(signal);
    const others = { method: 'parameterRandomizationTest', caller, classIndex, subject: method };
    const call = await encodeCall<MeasureCall>(modelRef, input, rest, others, 1);
    const connection = pool.leastBusy();
    const id = newId();
    try {
      const opening = call.send(connection, (service, encoded) => service.openTest(id, encoded));
      await abortable(opening, signal);
      for (;;) {
        const step = await abortable(
          connection.call((service) => service.nextStep(id)),
          signal,
        );
        if (step === undefined) break;
        yield step;
      }
    } finally {
      // A worker that has died has nothing to end.
      connection.call((service) => service.end(id)).catch(() => undefined);
      call.dispose();
    }
  } catch (error) {
    throw named(caller, error);
  }
}
