// Oracle: z = x W, whose gradient by x is the column of W, to the bit, and what of the graph is
// known by construction.
import * as tf from '@tensorflow/tfjs-core';
import { GradientError, smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';
import type { Graph, GraphNode } from './graph.js';
import { constant, graphModel, node, placeholder } from './graph.js';

const W = [0.5, -1.25, 3, 0.1, 7, -2];
const column = (c: number) => Float32Array.of(W[c]!, W[2 + c]!, W[4 + c]!);

/** z = x W, and its softmax. */
const head = (input: string): GraphNode[] => [
  constant('w', W, [3, 2]),
  node('z', 'MatMul', [input, 'w']),
  node('p', 'Softmax', ['z']),
];
/** (x W)^2, whose gradient is another for each input. */
const squares = (batch: number): Graph =>
  graphModel([
    placeholder('x', [batch, 3]),
    ...head('x').slice(0, 2),
    node('y', 'Mul', ['z', 'z']),
  ]);

const inputs = (count: number) => tf.randomUniform([count, 3], -1, 1, 'float32', 4);

/** Counts the rows of each run. */
function watch(model: Graph): number[] {
  const rows: number[] = [];
  const predict = model.predict.bind(model);
  model.predict = (x, config) => {
    rows.push((x as tf.Tensor).shape[0]!);
    return predict(x, config);
  };
  return rows;
}

describeOnEachBackend('a graph model of fixed batch', () => {
  test('of 1 runs its samples one at a time, whatever batchSize is', () => {
    const model = squares(1);
    const rows = watch(model);
    const options = { samples: 5, seed: 1, batchSize: 4 };
    const x = inputs(1);
    const map = smoothGrad(model, x, 0, options);
    expect(rows).toEqual([1, 1, 1, 1, 1]);
    expectClose(map, smoothGrad(squares(-1), x, 0, options).dataSync());
  });

  test('of 1 takes a batch of images, one after another', () => {
    const x = inputs(3);
    const model = squares(1);
    const rows = watch(model);
    expectClose(
      vanillaGradient(model, x, [0, 1, 0]),
      vanillaGradient(squares(-1), x, [0, 1, 0]).dataSync(),
    );
    expect(rows).toEqual([1, 1, 1]);
  });

  test('of 4 is filled up for the last samples', () => {
    const model = squares(4);
    const rows = watch(model);
    const options = { samples: 10, seed: 1 };
    const x = tf.squeeze(inputs(1), [0]);
    const map = smoothGrad(model, x, 0, options);
    expect(map.shape).toEqual([3]);
    expect(rows).toEqual([4, 4, 4]);
    expectClose(map, smoothGrad(squares(-1), x, 0, options).dataSync());
  });

  test("of 4 takes one image, and one that needs 'argmax' asked for", () => {
    const x = inputs(1);
    const expected = vanillaGradient(squares(-1), x, 'argmax').dataSync();
    expectClose(vanillaGradient(squares(4), x, 'argmax'), expected);
    const model = squares(4);
    expectNoLeak(() => smoothGrad(model, x, 'argmax', { samples: 3 }));
  });
});

describeOnEachBackend('a graph model of int32 input', () => {
  const model = () =>
    graphModel([
      placeholder('x', [-1, 3], 'int32'),
      node('float', 'Cast', ['x'], { SrcT: { type: 'DT_INT32' }, DstT: { type: 'DT_FLOAT' } }),
      ...head('float'),
    ]);

  test('is differentiated by these whole numbers, whatever type they are given in', () => {
    for (const dtype of ['int32', 'float32'] as const) {
      const gradient = vanillaGradient(model(), tf.tensor2d([[1, 2, 3]], [1, 3], dtype), 1);
      expect(gradient.dtype).toBe('float32');
      expect(gradient.dataSync()).toEqual(column(1));
    }
  });

  test('sees the noise rounded', () => {
    const int32 = model();
    const seen: unknown[] = [];
    const predict = int32.predict.bind(int32);
    int32.predict = (x, config) => {
      seen.push((x as tf.Tensor).dtype, ...(x as tf.Tensor).dataSync());
      return predict(x, config);
    };
    const noise = () => tf.tensor1d([0.2, 0.3, -0.3]);
    const map = smoothGrad(int32, tf.tensor1d([10, 20, 30], 'int32'), 1, {
      samples: 1,
      stdDev: 2,
      noise,
    });
    expect(map.dataSync()).toEqual(column(1));
    expect(seen).toEqual(['int32', 10, 21, 29]);
  });
});

describeOnEachBackend('a graph model of several inputs', () => {
  const model = () =>
    graphModel([
      placeholder('x', [-1, 3]),
      placeholder('gain', [-1, 3]),
      node('xg', 'Mul', ['x', 'gain']),
      ...head('xg'),
    ]);

  test('is refused with their names', () => {
    expectError(
      () => vanillaGradient(model(), inputs(1), 0),
      TypeError,
      'vanillaGradient: model must have one input, got 2 (x, gain); fix the others in a function, x => model.predict([x, ...])',
    );
  });

  test('works in a function that fixes the others', () => {
    const two = model();
    const gain = tf.fill([1, 3], 2);
    const gradient = vanillaGradient((x) => two.predict([x, gain]) as tf.Tensor, inputs(1), 0);
    expectClose(
      gradient,
      [...column(0)].map((each) => 2 * each),
    );
  });
});

describeOnEachBackend('a graph model of several outputs', () => {
  const V = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const model = () =>
    graphModel(
      [
        placeholder('x', [-1, 3]),
        ...head('x'),
        constant('v', V, [3, 3]),
        node('y', 'MatMul', ['x', 'v']),
      ],
      ['p', 'y'],
    );
  const gradient = (output?: string | number, classIndex = 1) =>
    vanillaGradient(model(), inputs(1), classIndex, { output }).dataSync();

  test('needs to be told which one', () => {
    const message =
      'vanillaGradient: model has 2 outputs (p, y); choose one with the option output';
    expectError(() => gradient(), TypeError, message);
  });

  test('has them by name and by index', () => {
    expect(gradient('p')).toEqual(column(1));
    expect(gradient(0)).toEqual(column(1));
    expect(gradient('y', 2)).toEqual(Float32Array.of(3, 6, 9));
    expect(gradient(1, 2)).toEqual(Float32Array.of(3, 6, 9));
  });

  test('has any node of the graph by its name', () => {
    expect(gradient('z')).toEqual(column(1));
    expect(gradient('z:0')).toEqual(column(1));
  });

  test('refuses a name or index that it has not', () => {
    const unknownName =
      "vanillaGradient: output must be the name of an output ('p', 'y') or of a node of the model, got 'q'";
    expectError(() => gradient('q'), RangeError, unknownName);
    expectError(
      () => gradient(2),
      RangeError,
      "vanillaGradient: output must be one of 'p', 'y' or its index, got 2",
    );
  });
});

describeOnEachBackend('a graph model with control flow', () => {
  const model = () =>
    graphModel([
      placeholder('x', [-1, 3]),
      ...head('x'),
      constant('half', [0.5], []),
      constant('axes', [0, 1], [2], 'int32'),
      node('mean', 'Mean', ['x', 'axes'], { keep_dims: { b: false } }),
      node('if', 'Less', ['mean', 'half']),
      node('switch', 'Switch', ['p', 'if']),
      node('merge', 'Merge', ['switch', 'switch:1'], { N: { i: '2' } }),
    ]);

  test('is refused, with the op and the way out', () => {
    const two = model();
    const x = inputs(1);
    const before = tf.memory().numTensors;
    for (const classIndex of [0, 'argmax'] as const) {
      const error = expectError(
        () => vanillaGradient(two, x, classIndex),
        GradientError,
        "vanillaGradient: model has control flow ('Merge'), which tfjs runs asynchronously only, on every backend, so that " +
          'no gradient goes through it; convert the model without control flow, or choose an output before it',
      );
      expect(error.op).toBe('Merge');
      expect(error.cause).toBeDefined();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  test('works up to an output before it', () => {
    expect(vanillaGradient(model(), inputs(1), 0, { output: 'p' }).dataSync()).toEqual(column(0));
  });
});
