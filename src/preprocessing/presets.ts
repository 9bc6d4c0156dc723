/**
 * The preprocessing of well-known models. Constants are those of Keras's `preprocess_input` where
 * not said otherwise.
 */
import { createPreprocessing } from './preprocessing.js';

/** Caffe's models: BGR, the mean of ImageNet's pixels subtracted. */
const caffe = { channelOrder: 'bgr', mean: [103.939, 116.779, 123.68] } as const;

/** TensorFlow's own: x / 127.5 - 1, written so that 0 and 255 give exactly -1 and 1 in float32. */
const minusOneToOne = { mean: 127.5, std: 127.5 } as const;

/** VGG16 (Keras): 224 x 224, BGR, minus [103.939, 116.779, 123.68] from B, G, R. */
export const vgg16 = /* @__PURE__ */ createPreprocessing({
  name: 'vgg16',
  inputSize: [224, 224],
  ...caffe,
});

/** VGG19 (Keras): as {@link vgg16}. */
export const vgg19 = /* @__PURE__ */ createPreprocessing({
  name: 'vgg19',
  inputSize: [224, 224],
  ...caffe,
});

/** ResNet50, the first version (Keras): as {@link vgg16}. */
export const resnet50 = /* @__PURE__ */ createPreprocessing({
  name: 'resnet50',
  inputSize: [224, 224],
  ...caffe,
});

/** MobileNet (Keras): 224 x 224, x / 127.5 - 1. */
export const mobilenet = /* @__PURE__ */ createPreprocessing({
  name: 'mobilenet',
  inputSize: [224, 224],
  ...minusOneToOne,
});

/** MobileNetV2 (Keras): 224 x 224, x / 127.5 - 1. */
export const mobilenetV2 = /* @__PURE__ */ createPreprocessing({
  name: 'mobilenetV2',
  inputSize: [224, 224],
  ...minusOneToOne,
});

/** InceptionV3 (Keras): 299 x 299, x / 127.5 - 1. */
export const inceptionV3 = /* @__PURE__ */ createPreprocessing({
  name: 'inceptionV3',
  inputSize: [299, 299],
  ...minusOneToOne,
});

/** Xception (Keras): 299 x 299, x / 127.5 - 1. */
export const xception = /* @__PURE__ */ createPreprocessing({
  name: 'xception',
  inputSize: [299, 299],
  ...minusOneToOne,
});

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
