/**
 * The preprocessing of well-known models. Constants are those of Keras's `preprocess_input` where
 * not said otherwise.
 */
import { createPreprocessing } from './preprocessing.js';
import type { PreprocessingPreset } from './preprocessing.js';

/** Makes a preset of Caffe's models: BGR, the mean of ImageNet's pixels subtracted. */
function caffe(name: string): PreprocessingPreset {
  const mean = [103.939, 116.779, 123.68] as const;
  return createPreprocessing({ name, inputSize: [224, 224], channelOrder: 'bgr', mean });
}

/** Makes a preset of x / 127.5 - 1; 0 and 255 give exactly -1 and 1 in float32. */
function minusOneToOne(name: string, side: number): PreprocessingPreset {
  return createPreprocessing({ name, inputSize: [side, side], mean: 127.5, std: 127.5 });
}

/** VGG16 (Keras): 224 x 224, BGR, minus [103.939, 116.779, 123.68] from B, G, R. */
export const vgg16 = /* @__PURE__ */ caffe('vgg16');

/** VGG19 (Keras): as {@link vgg16}. */
export const vgg19 = /* @__PURE__ */ caffe('vgg19');

/** ResNet50, the first version (Keras): as {@link vgg16}. */
export const resnet50 = /* @__PURE__ */ caffe('resnet50');

/** MobileNet (Keras): 224 x 224, x / 127.5 - 1. */
export const mobilenet = /* @__PURE__ */ minusOneToOne('mobilenet', 224);

/** MobileNetV2 (Keras): 224 x 224, x / 127.5 - 1. */
export const mobilenetV2 = /* @__PURE__ */ minusOneToOne('mobilenetV2', 224);

/** InceptionV3 (Keras): 299 x 299, x / 127.5 - 1. */
export const inceptionV3 = /* @__PURE__ */ minusOneToOne('inceptionV3', 299);

/** Xception (Keras): 299 x 299, x / 127.5 - 1. */
export const xception = /* @__PURE__ */ minusOneToOne('xception', 299);

/**
 * EfficientNetB0 (Keras): 224 x 224, values left in 0..255, as these models normalise inside. B3 is
 * 300 x 300.
 */
export const efficientnet = /* @__PURE__ */ createPreprocessing({
  name: 'efficientnet',
  inputSize: [224, 224],
});

/** Values in 0..1: 224 x 224, x / 255. */
export const unit = /* @__PURE__ */ createPreprocessing({
  name: 'unit',
  inputSize: [224, 224],
  std: 255,
});

/**
 * Models of torchvision: 224 x 224, (x / 255 - mean) / std with ImageNet's mean [0.485, 0.456,
 * 0.406] and standard deviation [0.229, 0.224, 0.225] of R, G, B; channels last, as TensorFlow.js
 * wants them.
 *
 * The image is stretched to the input. torchvision's own transform for evaluation resizes the
 * shorter side to 256, antialiased when it shrinks, and cuts out the middle; give it pixels
 * prepared like that to see exactly what it sees.
 */
export const torch = /* @__PURE__ */ createPreprocessing({
  name: 'torch',
  inputSize: [224, 224],
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
});

/**
 * Image models of Teachable Machine, as the npm package `@teachablemachine/image` 0.8.5 feeds them:
 * resized until it covers 224 x 224, the middle cut out, then x / 127 - 1 (127, not 127.5: the
 * values end at 1.00787).
 *
 * The package resizes by drawing on a canvas, whose smoothing differs from browser to browser when
 * it shrinks an image; here it is bilinear.
 */
export const teachableMachine = /* @__PURE__ */ createPreprocessing({
  name: 'teachableMachine',
  inputSize: [224, 224],
  mean: 127,
  std: 127,
  crop: 'center',
});

/** Gray images in 0..1, as models of handwriting (MNIST, QuickDraw) take them: 28 x 28, x / 255. */
export const gray = /* @__PURE__ */ createPreprocessing({
  name: 'gray',
  inputSize: [28, 28],
  channels: 1,
  std: 255,
});
