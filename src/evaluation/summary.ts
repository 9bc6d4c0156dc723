/** What scores of single photos come to: means, intervals and ranks. */
import { ranks } from '../metric/correlation.js';
import type { Better } from '../metric/defineMetric.js';
import { bootstrapMean } from './bootstrap.js';
import type { Interval } from './bootstrap.js';

/** The score of one photo. */
export interface Score {
  /** The number of the photo. */
  readonly photo: number;
  readonly method: string;
  readonly metric: string;
  readonly score: number;
}

/** The scores of all photos, for one method and metric. */
export interface Summary extends Interval {
  readonly method: string;
  readonly metric: string;
  /** From 1 for the best method by the mean; equal ones share the mean of their ranks. */
  readonly rank: number;
}

/**
 * Summarises scores over the photos, for each metric and method in the order of their coming.
 * @param better of the metrics by name
 */
export function summarize(
  scores: readonly Score[],
  better: Readonly<Record<string, Better>>,
): Summary[] {
  return distinct(scores.map(({ metric }) => metric)).flatMap((metric) => {
    const ofMetric = scores.filter((score) => score.metric === metric);
    const methods = distinct(ofMetric.map(({ method }) => method));
    const intervals = methods.map((method) =>
      bootstrapMean(ofMetric.filter((score) => score.method === method).map(({ score }) => score)),
    );
    const sign = better[metric] === 'higher' ? -1 : 1;
    const places = ranks(intervals.map(({ mean }) => sign * mean));
    return intervals.map((interval, i) => ({
      method: methods[i]!,
      metric,
      ...interval,
      rank: places[i]!,
    }));
  });
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)];
