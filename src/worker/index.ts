export { connectSaliency } from './connectSaliency.js';
export type { ConnectOptions } from './connectSaliency.js';
export type { Saliency, Sendable, StepOf } from './saliency.js';
export type { NestedArray, ResultOf, WorkerInput } from './input.js';
export type { ArrayTensor } from './protocol.js';
export type { NodeWorker, SaliencyWorker, WebWorker } from './endpoint.js';
export { serveSaliency } from './serveSaliency.js';
export type { ServeOptions } from './serveSaliency.js';
export type { Load, LoadedModel } from './models.js';
