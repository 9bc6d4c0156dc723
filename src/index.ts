export * from './method/index.js';
export { convergenceDelta } from './method/convergenceDelta.js';
export { layers } from './layer/listLayers.js';
export type { CamOptions } from './method/cam/defineCam.js';
export type { ChannelOptions } from './method/cam/defineChannelCam.js';
export type { KernelChoice } from './score/scoreEvaluator.js';
export type { Layer, LayerChoice, LayerName } from './layer/layers.js';
export type { AttributionOptions } from './method/attributionOptions.js';
export type { AttentionOptions } from './method/attentionOptions.js';
export type { Attribution } from './method/defineMethod.js';
export type { AttributionFunction } from './method/customMethod.js';
export type { SampledAttribution } from './sampling/defineSampling.js';
export type { AnyModel, AsyncModel } from './model/asyncModel.js';
export { segment } from './segment/segment.js';
export type { SegmentOptions } from './segment/segment.js';
export type { Segments } from './segment/segmentsOfRows.js';
export type { Baseline } from './method/baseline.js';
export type { Quadrature } from './method/quadrature.js';
export type { AsyncOptions, Progress } from './run/progress.js';

export * from './metric/index.js';
export * from './sanity/index.js';
export * from './evaluation/index.js';
export type { Metric, MetricResult } from './metric/defineMetric.js';
export type { MetricMap } from './metric/mapNumbers.js';
export type { Box, Region } from './metric/region.js';
export type { CurvePoint, CurveResult } from './metric/replacement.js';

export { smoothGrad, smoothGradAsync, smoothGradSteps } from './smoothing/smoothGrad.js';
export type {
  SmoothGradAsyncOptions,
  SmoothGradOptions,
  SmoothGradStepsOptions,
} from './smoothing/smoothGrad.js';
export { smooth } from './smoothing/smooth.js';
export type { SmoothedAsync, SmoothedAttribution, SmoothedSteps } from './smoothing/smooth.js';
export type { SmoothingOptions } from './smoothing/smoothingOptions.js';
export type {
  LongRunOptions,
  SmoothingProgress,
  SmoothingStep,
  SmoothingStepOf,
  StepsOptions,
} from './smoothing/convergenceOptions.js';
export type { Statistic } from './smoothing/statistic.js';
export type { Noise, NoiseFunction } from './smoothing/noise.js';

export { topClasses } from './score/topClasses.js';
export type { ClassScore, TopClasses, TopClassesOptions } from './score/topClasses.js';

export { OutOfMemoryError } from './model/outOfMemoryError.js';
export type {
  InputSpec,
  Model,
  ModelFunction,
  ModelOutput,
  PredictModel,
  TensorSpec,
} from './model/model.js';
export type { ClassIndex } from './score/classIndex.js';
export type { Score, ScoreFunction } from './score/score.js';
export { GradientError } from './gradient/gradientError.js';
export type { CustomGradients, GradientConfig } from './gradient/registeredGradient.js';

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

export * from './picture/index.js';
