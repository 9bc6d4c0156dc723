import type { KerasLayer } from './kerasFile.js';

/** VGG16 with a sixteenth of the channels, for images of 32 x 32 and 10 classes. */
export const narrow = { width: 1 / 16, inputSize: 32, classes: 10 };

/**
 * Its kernels, written out from table 1 of arXiv:1409.1556 (configuration D) and the layers' names
 * in Keras.
 */
function kernels(inputSize: number, classes: number): [name: string, shape: number[]][] {
  return [
    ['block1_conv1', [3, 3, 3, 4]],
    ['block1_conv2', [3, 3, 4, 4]],
    ['block2_conv1', [3, 3, 4, 8]],
    ['block2_conv2', [3, 3, 8, 8]],
    ['block3_conv1', [3, 3, 8, 16]],
    ['block3_conv2', [3, 3, 16, 16]],
    ['block3_conv3', [3, 3, 16, 16]],
    ['block4_conv1', [3, 3, 16, 32]],
    ['block4_conv2', [3, 3, 32, 32]],
    ['block4_conv3', [3, 3, 32, 32]],
    ['block5_conv1', [3, 3, 32, 32]],
    ['block5_conv2', [3, 3, 32, 32]],
    ['block5_conv3', [3, 3, 32, 32]],
    ['fc1', [(inputSize / 32) ** 2 * 32, 256]],
    ['fc2', [256, 256]],
    ['predictions', [256, classes]],
  ];
}

/** Layers without weights, which Keras's files list too. */
const weightless = [
  'input_1',
  'block1_pool',
  'block2_pool',
  'block3_pool',
  'block4_pool',
  'block5_pool',
  'flatten',
];

interface NarrowOptions {
  inputSize?: number;
  classes?: number;
  /** The names of a layer's kernel and bias: those of Keras's official file, unless given. */
  naming?: (layer: string) => [kernel: string, bias: string];
}

/**
 * The narrow net's layers with weights that keep activations alive from block to block, the same at
 * every call.
 */
export function narrowLayers({
  inputSize = narrow.inputSize,
  classes = narrow.classes,
  naming = (layer) => [`${layer}_W_1:0`, `${layer}_b_1:0`],
}: NarrowOptions = {}): KerasLayer[] {
  const random = linearCongruential(1);
  const weighted = kernels(inputSize, classes).map(([name, shape]): KerasLayer => {
    const [kernelName, biasName] = naming(name);
    const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const kernel = Float32Array.from(
      { length: fanIn * shape.at(-1)! },
      () => random() * Math.sqrt(6 / fanIn),
    );
    const bias = Float32Array.from({ length: shape.at(-1)! }, () => 0.1 * random());
    // Values whose bits a careless copy changes: minus zero and the smallest of all.
    bias.set([-0, 2 ** -149]);
    return {
      name,
      weights: [
        { name: kernelName, shape, type: 'float32', bytes: base64(kernel) },
        { name: biasName, shape: [bias.length], type: 'float32', bytes: base64(bias) },
      ],
    };
  });
  return [...weightless.map((name) => ({ name, weights: [] })), ...weighted];
}

export function base64(values: Float32Array | Float64Array): string {
  return Buffer.from(values.buffer).toString('base64');
}

/** Numbers in -1..1, with the constants of Numerical Recipes. */
function linearCongruential(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}
