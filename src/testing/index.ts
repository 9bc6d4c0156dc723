/** Tests of saliency pipelines: models with known maps, matchers, and a check of the gradient. */
export { checkGradient } from './checkGradient.js';
export type { CheckGradientOptions, GradientCheck } from './checkGradient.js';
export { linearModel, quadraticModel, spotModel } from './fixtures.js';
export type { FixtureModel, SpotModel, SpotOptions } from './fixtures.js';
export { checkerboard, colorRamp, imageOf, spotImage } from './images.js';
export type { FormulaImage, ImageOptions } from './images.js';
export { saliencyMatchers } from './matchers.js';
export type { CloseOptions, MatcherResult, SaliencyMatchers } from './matchers.js';
export { tensorsLeft } from './tensorsLeft.js';
