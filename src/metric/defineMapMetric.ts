/** Metrics of maps alone, which need no model: functions of plain numbers. */
import { isTensor } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { withName } from '../method/defineMethod.js';
import type { PlainTensor } from '../plainTensor.js';
import { readMap, readMapSync } from './mapNumbers.js';
import type { MapNumbers, MetricMap } from './mapNumbers.js';

/** A metric of maps alone, with its asynchronous form for backends that cannot read at once. */
export interface MapMetric<Arguments extends unknown[], Result> {
  /** @throws TypeError or RangeError for a wrong argument */
  (...call: Arguments): Result;
  readonly async: (...call: Arguments) => Promise<Result>;
}

/** The arguments as they are measured: maps as their numbers. */
export type ReadArguments<Arguments extends unknown[]> = {
  [K in keyof Arguments]: Arguments[K] extends MetricMap
    ? MapNumbers
    : Exclude<Arguments[K], MetricMap> | (MetricMap extends Arguments[K] ? MapNumbers : never);
};

/**
 * Makes the public function of a metric of maps.
 * @param names what errors call the arguments
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineMapMetric<Arguments extends unknown[], Result>(
  name: string,
  names: readonly string[],
  measure: (...call: ReadArguments<Arguments>) => Result,
): MapMetric<Arguments, Result> {
  const isRead = (argument: unknown, i: number): argument is MetricMap =>
    i === 0 || isTensor(argument) || isPlain(argument);
  const sync = (...call: Arguments): Result =>
    inFunction(name, () => {
      const read = call.map((argument, i) =>
        isRead(argument, i) ? readMapSync(names[i]!, argument) : argument,
      );
      return measure(...(read as ReadArguments<Arguments>));
    });
  const async = (...call: Arguments): Promise<Result> =>
    inFunction(`${name}.async`, async () => {
      const read = await Promise.all(
        call.map((argument, i) =>
          isRead(argument, i) ? readMap(names[i]!, argument) : Promise.resolve(argument),
        ),
      );
      return measure(...(read as ReadArguments<Arguments>));
    });
  return withName(name, Object.assign(sync, { async: withName(`${name}Async`, async) }));
}

const isPlain = (value: unknown): value is PlainTensor =>
  typeof value === 'object' && value !== null && 'data' in value && 'shape' in value;
