/** The list of metrics: another metric is one file, and one line here. */
export * from './deletion.js';
export * from './insertion.js';
export * from './road.js';
export * from './infidelity.js';
export * from './muFidelity.js';
export * from './maxSensitivity.js';
export * from './sparseness.js';
export * from './complexity.js';
export * from './pointingGame.js';
export * from './relevanceMass.js';
export { similarity } from './similarity.js';
export type { Similarity } from './similarity.js';
