/** Which map should I believe: methods by metrics over photos. */
export { evaluate } from './evaluate.js';
export type { Cost, Evaluation, EvaluationMetric, EvaluationOptions } from './evaluate.js';
export type { Score as PhotoScore, Summary } from './summary.js';
export { edgeMap, randomMap } from './baselineMaps.js';
