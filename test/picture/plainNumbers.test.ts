// Oracle: the same function of the same numbers as a tensor.
import * as tf from '@tensorflow/tfjs-core';
import {
  aggregateChannels,
  colorize,
  encodePNG,
  grid,
  limitsOf,
  normalize,
  overlay,
  toCanvas,
  toImageData,
} from 'tfjs-saliency';
import type { PlainTensor } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends';
import { exactly } from './exactly';

const plain = (tensor: tf.Tensor): PlainTensor => ({
  data: tensor.dataSync().slice(),
  shape: tensor.shape,
});
const numbersOf = ({ data, shape }: PlainTensor) => ({ data: Array.from(data), shape });

describeOnEachBackend('plain numbers { data, shape }', () => {
  const attribution = () => tf.randomNormal([2, 5, 7, 3], 0, 1, 'float32', 3);
  const map = () => tf.randomUniform<tf.Rank.R2>([5, 7], 0, 1, 'float32', 4);
  const picture = () => tf.randomUniformInt([5, 7, 3], 0, 256, 5) as tf.Tensor3D;

  test.each(['maxAbs', 'sumAbs', 'l2', 'sum', 'mean', 'max', 'positive', 'negative'] as const)(
    'aggregateChannels, %s',
    (method) => {
      const tensor = aggregateChannels(attribution(), method).dataSync();
      const { data, shape } = aggregateChannels(plain(attribution()), method);
      expect(shape).toEqual([2, 5, 7]);
      data.forEach((value, i) => {
        expect(value).toBeCloseTo(tensor[i]!, 5);
      });
    },
  );

  test('maps give maps', () => {
    const maps = aggregateChannels(attribution(), 'sum');
    for (const options of [{}, { mode: 'diverging', shared: true }] as const) {
      const result = normalize(plain(maps), options);
      expect(result.data).toBeInstanceOf(Float32Array);
      expect(numbersOf(result)).toEqual(numbersOf(plain(normalize(maps, options))));
    }
    expect(limitsOf(plain(maps))).toEqual(limitsOf(maps));
    const [data, shape] = [Array.from(maps.dataSync()), maps.shape];
    expect(normalize({ data, shape })).toEqual(normalize(plain(maps)));
  });

  test('maps and pictures give pictures', () => {
    const image = picture();
    const pairs: [PlainTensor, tf.Tensor][] = [
      [colorize(plain(map()), 'inferno'), colorize(map(), 'inferno')],
      [overlay(image, plain(map())), overlay(image, map())],
      [overlay(plain(image), plain(map())), overlay(image, map())],
      [grid([plain(image), plain(image)]), grid([image, image])],
      [grid(plain(tf.stack([image, image]))), grid(tf.stack([image, image]))],
    ];
    for (const [result, tensor] of pairs) {
      expect(result.data).toBeInstanceOf(Uint8ClampedArray);
      expect(numbersOf(result)).toEqual(numbersOf(plain(tensor)));
    }
  });

  test('a grid of both is a tensor', () => {
    const both = grid<tf.Tensor | PlainTensor>([plain(picture()), picture()]);
    expect(both).toBeInstanceOf(tf.Tensor);
  });

  test('pictures are drawn and written', async () => {
    expect(await toImageData(plain(picture()))).toEqual(await toImageData(picture()));
    expect(await encodePNG(plain(picture()))).toEqual(await encodePNG(picture()));
    const shown: unknown[] = [];
    const context = {
      createImageData: (w: number, h: number) => ({ data: new Uint8ClampedArray(4 * w * h) }),
      putImageData: (pixels: unknown) => shown.push(pixels),
    };
    const canvas = { width: 0, height: 0, getContext: () => context };
    await toCanvas(plain(picture()), canvas);
    await toCanvas(picture(), canvas);
    expect(shown[0]).toEqual(shown[1]);
  });

  test('what they are given stays as it is, and no tensor is made', () => {
    const { data, shape } = plain(map());
    const before = Array.from(data);
    const count = tf.memory().numTensors;
    overlay(colorize(normalize({ data, shape })), { data, shape });
    expect(tf.memory().numTensors).toBe(count);
    expect(Array.from(data)).toEqual(before);
  });

  test('tensors made of tensors are freed by tidy', () => {
    const [image, given] = [picture(), tf.randomNormal([5, 7, 3])];
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      for (const method of ['l2', 'negative'] as const) {
        const values = normalize(aggregateChannels(given, method));
        grid([overlay(image, values), colorize(values)]);
      }
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('plain numbers: wrong arguments', () => {
  const data = new Float32Array(6);
  test.each<[unknown, Error]>([
    [
      { data, shape: [2, 2] },
      new RangeError('normalize: map.data.length must be 4, as its shape says, got 6'),
    ],
    [
      { data, shape: [1.5, 4] },
      new TypeError('normalize: map must be a tensor, got numbers of shape [1.5, 4]'),
    ],
    [
      { data: 'abcd', shape: [2, 2] },
      new TypeError('normalize: map must be a tensor, got numbers of shape [2, 2]'),
    ],
    [
      Promise.resolve(),
      new TypeError('normalize: map must be a tensor, got a Promise; await it first'),
    ],
  ])('%p', (map, error) => {
    expect(() => normalize(map as PlainTensor)).toThrow(exactly(error));
  });
});
