import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';

/**
 * Convolutions and their channels, block by block: configuration D of Simonyan and Zisserman,
 * arXiv:1409.1556.
 */
const BLOCKS = [
  { convolutions: 2, channels: 64 },
  { convolutions: 2, channels: 128 },
  { convolutions: 3, channels: 256 },
  { convolutions: 3, channels: 512 },
  { convolutions: 3, channels: 512 },
] as const;
const FULLY_CONNECTED_UNITS = 4096;

export interface Vgg16Options {
  /** Channels and fully connected units, as a fraction of VGG16's. */
  width?: number;
  /**
   * Height and width of the input in pixels, a multiple of 32 (each of the five blocks halves it).
   */
  inputSize?: number;
  classes?: number;
}

/**
 * VGG16 with the layer names of Keras, every weight zero until a file's are loaded.
 *
 * Input [n, inputSize, inputSize, 3] (BGR, means subtracted), output [n, classes] (probabilities).
 */
export function buildVgg16({
  width = 1,
  inputSize = 224,
  classes = 1000,
}: Vgg16Options = {}): Sequential {
  const scaled = (channels: number) => Math.max(1, Math.round(channels * width));
  // Drawing 138 million random numbers only to overwrite them would take longer than reading the
  // file.
  const zeros = { kernelInitializer: 'zeros' } as const;
  const model = sequential({ name: 'vgg16' });
  model.add(layers.inputLayer({ inputShape: [inputSize, inputSize, 3], name: 'input_1' }));
  BLOCKS.forEach(({ convolutions, channels }, index) => {
    const block = `block${index + 1}`;
    for (let i = 1; i <= convolutions; i++) {
      model.add(
        layers.conv2d({
          name: `${block}_conv${i}`,
          filters: scaled(channels),
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          ...zeros,
        }),
      );
    }
    model.add(layers.maxPooling2d({ name: `${block}_pool`, poolSize: 2, strides: 2 }));
  });
  model.add(layers.flatten({ name: 'flatten' }));
  for (const name of ['fc1', 'fc2']) {
    model.add(
      layers.dense({ name, units: scaled(FULLY_CONNECTED_UNITS), activation: 'relu', ...zeros }),
    );
  }
  model.add(layers.dense({ name: 'predictions', units: classes, activation: 'softmax', ...zeros }));
  return model;
}
