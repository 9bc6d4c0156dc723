export { vanillaGradient } from './method/vanillaGradient.js';
export type { VanillaGradientOptions } from './method/vanillaGradient.js';
export { smoothGrad } from './method/smoothGrad.js';
export type { SmoothGradOptions } from './method/smoothing.js';
export type { AttributionOptions } from './method/arguments.js';
export type { Statistic } from './method/statistic.js';
export type { Noise, NoiseFunction } from './method/noise.js';

export { aggregateChannels } from './aggregation/aggregateChannels.js';
export type { ChannelMethod } from './aggregation/aggregateChannels.js';

export type { Model, ModelFunction, ModelOutput, PredictModel, TensorSpec } from './model/model.js';
export type { ClassIndex } from './target/classIndex.js';
export type { Score, ScoreFunction } from './target/score.js';
export { GradientError } from './gradient/gradientError.js';

export { createPreprocessing } from './preprocessing/preprocessing.js';
export type { Preprocessing, PreprocessingPreset } from './preprocessing/preprocessing.js';
export type { PreprocessingOptions } from './preprocessing/options.js';
export type { ImageDataLike, ImageInput } from './preprocessing/image.js';
export {
  efficientnet,
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
