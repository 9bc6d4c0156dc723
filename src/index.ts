export { vanillaGradient } from './method/vanillaGradient.js';
export type { VanillaGradientOptions } from './method/vanillaGradient.js';
export { smoothGrad, smoothGradAsync, smoothGradSteps } from './method/smoothing/smoothGrad.js';
export type {
  SmoothGradAsyncOptions,
  SmoothGradOptions,
  SmoothGradStepsOptions,
} from './method/smoothing/smoothGrad.js';
export { convergenceDelta, integratedGradients } from './method/integratedGradients.js';
export type { IntegratedGradientsOptions } from './method/integratedGradients.js';
export { gradientTimesInput } from './method/gradientTimesInput.js';
export { smooth } from './method/smoothing/smooth.js';
export type {
  SmoothedAsync,
  SmoothedAttribution,
  SmoothedSteps,
} from './method/smoothing/smooth.js';
export type { Attribution } from './method/method.js';
export type { AttributionFunction } from './method/foreign.js';
export type { AttributionOptions } from './method/arguments.js';
export type { SmoothingOptions } from './method/smoothing/smoothingOptions.js';
export type {
  LongRunOptions,
  SmoothingProgress,
  SmoothingStep,
  StepsOptions,
} from './method/smoothing/longRunOptions.js';
export type { Statistic } from './method/smoothing/statistic.js';
export type { Noise, NoiseFunction } from './method/smoothing/noise.js';
export type { Baseline } from './method/baseline.js';
export type { Quadrature } from './method/quadrature.js';

export { aggregateChannels } from './aggregation/aggregateChannels.js';
export type { ChannelMethod } from './aggregation/aggregateChannels.js';

export { OutOfMemoryError } from './model/outOfMemoryError.js';
export type { Model, ModelFunction, ModelOutput, PredictModel, TensorSpec } from './model/model.js';
export type { ClassIndex } from './target/classIndex.js';
export type { Score, ScoreFunction } from './target/score.js';
export { GradientError } from './gradient/gradientError.js';

export { createPreprocessing } from './preprocessing/preprocessing.js';
export type { Preprocessing, PreprocessingPreset } from './preprocessing/preprocessing.js';
export type {
  PerChannel,
  PreprocessingOptions,
  PreprocessingSettings,
} from './preprocessing/options.js';
export type { ImageDataLike, ImageInput } from './preprocessing/image.js';
export {
  efficientnet,
  gray,
  inceptionV3,
  mobilenet,
  mobilenetV2,
  resnet50,
  teachableMachine,
  torch,
  unit,
  vgg16,
  vgg19,
  xception,
} from './preprocessing/presets.js';

export { limitsOf, normalize } from './picture/normalize.js';
export type {
  Limits,
  LimitsOptions,
  NormalizeMode,
  NormalizeOptions,
} from './picture/normalize.js';
export { colorize } from './picture/colorize.js';
export { colormaps } from './picture/colormaps/index.js';
export type { Colormap } from './picture/colormaps/index.js';
export { overlay } from './picture/overlay.js';
export type { OverlayMode, OverlayOptions } from './picture/overlay.js';
export { grid } from './picture/grid.js';
export type { GridOptions } from './picture/grid.js';
export { toCanvas, toImageData } from './picture/pixels.js';
export type { CanvasContext, CanvasLike, PixelData } from './picture/pixels.js';
export { encodePNG } from './picture/png.js';
