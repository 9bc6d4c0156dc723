/** The results as Markdown: ranks over the models, and each model's figures. */
import { meanOf } from '../../src/metric/correlation.js';
import { summarize } from '../../src/evaluation/summary.js';
import type { Summary } from '../../src/evaluation/summary.js';
import { betterOf } from '../../src/evaluation/evaluate.js';
import { median } from '../statistics.js';
import { METRICS } from './job.js';
import type { JobResult } from './job.js';

export type Results = Readonly<Record<string, readonly JobResult[]>>;

const NAMES = Object.keys(METRICS);

/** @param results the photos of each model */
export function tablesOf(results: Results): string[] {
  const summaries = Object.fromEntries(
    Object.entries(results).map(([model, photos]) => [
      model,
      summarize(
        photos.flatMap(({ evaluation }) => evaluation.scores),
        betterOf(METRICS),
      ),
    ]),
  );
  return [
    ...rankTable(results, summaries),
    ...Object.entries(summaries).flatMap(([model, summary]) => modelTable(model, summary)),
  ];
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The mean rank of each method over the models, for each metric, best first. */
function rankTable(results: Results, summaries: Record<string, Summary[]>): string[] {
  const all = Object.values(summaries).flat();
  const costs = Object.values(results)
    .flat()
    .flatMap(({ evaluation }) => evaluation.costs);
  const methods = [...new Set(all.map(({ method }) => method))].map((method) => {
    const ofMethod = all.filter((summary) => summary.method === method);
    const ranks = NAMES.map((metric) =>
      meanOf(ofMethod.filter((summary) => summary.metric === metric).map(({ rank }) => rank)),
    );
    const own = costs.filter((cost) => cost.method === method);
    const [passes, seconds] = [own.map((cost) => cost.passes), own.map((cost) => cost.seconds)];
    return { method, ranks, passes: median(passes), seconds: median(seconds) };
  });
  methods.sort((a, b) => meanOf(a.ranks) - meanOf(b.ranks));
  return [
    row(['method', ...NAMES, 'model inputs', 'seconds']),
    row(['---', ...NAMES.map(() => '---:'), '---:', '---:']),
    ...methods.map(({ method, ranks, passes, seconds }) =>
      row([
        `\`${method}\``,
        ...ranks.map((rank) => rank.toFixed(1)),
        String(passes),
        seconds.toPrecision(2),
      ]),
    ),
  ];
}

/** Means with their intervals. */
function modelTable(model: string, summary: readonly Summary[]): string[] {
  const methods = [...new Set(summary.map(({ method }) => method))];
  const cell = (method: string, metric: string): string => {
    const found = summary.find((each) => each.method === method && each.metric === metric);
    if (found === undefined) return '';
    const [mean, low, high] = [found.mean, found.low, found.high].map((value) =>
      String(Number(value.toPrecision(2))),
    );
    return `${mean} (${low} to ${high})`;
  };
  return [
    '',
    `### ${model}`,
    '',
    row(['method', ...NAMES]),
    row(['---', ...NAMES.map(() => '---:')]),
    ...methods.map((method) =>
      row([`\`${method}\``, ...NAMES.map((metric) => cell(method, metric))]),
    ),
  ];
}
