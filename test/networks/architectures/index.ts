import type { Architecture } from '../builder.js';
import { denseNet121 } from './denseNet.js';
import { efficientNet } from './efficientNet.js';
import { inceptionV3 } from './inception.js';
import { mobileNetV1, mobileNetV2, mobileNetV3 } from './mobileNet.js';
import { resNet50 } from './resNet.js';
import { vgg16 } from './vgg.js';

export const ARCHITECTURES: readonly Architecture[] = [
  vgg16,
  mobileNetV1,
  mobileNetV2,
  mobileNetV3,
  resNet50,
  inceptionV3,
  efficientNet,
  denseNet121,
];
