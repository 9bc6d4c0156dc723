import { parseArgs } from 'node:util';
import { positiveInteger, positiveNumber, required } from '../shared/flags.js';

export const usage = `Usage: npx tsx examples/vgg16/main.ts --weights FILE --image FILE [options]

Shows which pixels of a photo VGG16 looks at, by SmoothGrad.

  --weights FILE  vgg16_weights_tf_dim_ordering_tf_kernels.h5 as Keras publishes it (528 MB), from
                  https://storage.googleapis.com/tensorflow/keras-applications/vgg16/
  --image FILE    the photo: JPEG, PNG, WebP, ...
  --samples N     noisy copies of the photo to average (100)
  --noise LEVEL   standard deviation of the noise, as a fraction of 0..255 (0.2)
  --seed N        seed of the noise (1)
  --labels FILE   names of the classes: a JSON array, or Keras's imagenet_class_index.json
  --width X       channels as a fraction of VGG16's, for weights of a narrower net (1)
  --out FOLDER    where the pictures go (out/vgg16)
`;

export interface Flags {
  weights: string;
  image: string;
  samples: number;
  noise: number;
  seed: number;
  labels: string | undefined;
  width: number;
  out: string;
}

/**
 * @returns undefined if it is the usage that is wanted.
 * @throws InputError or parseArgs's own error if a flag is missing, unknown or has a wrong value.
 */
export function readFlags(args: string[]): Flags | undefined {
  const { values } = parseArgs({
    args,
    options: {
      weights: { type: 'string' },
      image: { type: 'string' },
      samples: { type: 'string', default: '100' },
      noise: { type: 'string', default: '0.2' },
      seed: { type: 'string', default: '1' },
      labels: { type: 'string' },
      width: { type: 'string', default: '1' },
      out: { type: 'string', default: 'out/vgg16' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    weights: required('weights', values.weights),
    image: required('image', values.image),
    samples: positiveInteger('samples', values.samples),
    noise: positiveNumber('noise', values.noise),
    seed: positiveInteger('seed', values.seed),
    labels: values.labels,
    width: positiveNumber('width', values.width),
    out: values.out,
  };
}
