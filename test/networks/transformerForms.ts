/** The vision transformer as a function of tfjs-core's ops, and as a graph model. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Graph } from '../model/graph.js';
import { graphModel } from '../model/graph.js';
import type { Ops, Read } from './architectures/transformer.js';
import { PATCH, SIZE, transformer, WIDTH } from './architectures/transformer.js';
import { tensorOf } from './functionBuilder.js';
import type { Edge } from './graphWriter.js';
import { flag, GraphWriter, int, windowOf } from './graphWriter.js';
import type { Weights } from './weights.js';

export const functionOps: Ops<Tensor> = {
  constant: (values) => tensorOf(values),
  patches: (image, filter) => tf.conv2d(image as Tensor4D, filter as Tensor4D, PATCH, 'valid'),
  reshape: (x, shape) => tf.reshape(x, shape),
  transpose: (x, perm) => tf.transpose(x, perm),
  add: (a, b) => tf.add(a, b),
  multiply: (a, b) => tf.mul(a, b),
  matMul: (a, b, transposeB) => tf.matMul(a, b, false, transposeB),
  concat: (a, b, axis) => tf.concat([a, b], axis),
  mean: (x) => tf.mean(x, -1, true),
  squaredDifference: (a, b) => tf.squaredDifference(a, b),
  rsqrt: (x) => tf.rsqrt(x),
  erf: (x) => tf.erf(x),
  softmax: (x) => tf.softmax(x),
  firstToken: (x) => tf.squeeze(tf.slice(x, [0, 0, 0], [1, 1, WIDTH]), [1]),
  meanToken: (x) => tf.mean(x, 1),
};

const graphOps = (graph: GraphWriter): Ops<Edge> => {
  const like = (op: string, x: Edge): Edge => graph.op(op, [x], x.shape);
  const broadcast = (op: string, a: Edge, b: Edge): Edge =>
    graph.op(op, [a, b], tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape));
  return {
    constant: (values) => graph.values(values),
    patches: (image, filter) =>
      graph.op(
        'Conv2D',
        [image, filter],
        [1, SIZE / PATCH, SIZE / PATCH, WIDTH],
        windowOf(PATCH, 'valid'),
      ),
    reshape: (x, shape) => graph.op('Reshape', [x, graph.ints(shape)], shape),
    transpose: (x, perm) =>
      graph.op(
        'Transpose',
        [x, graph.ints(perm)],
        perm.map((axis) => x.shape[axis]!),
      ),
    add: (a, b) => broadcast('AddV2', a, b),
    multiply: (a, b) => broadcast('Mul', a, b),
    matMul(a, b, transposeB = false) {
      const shape = [...a.shape.slice(0, -1), b.shape.at(transposeB ? -2 : -1)!];
      return graph.op('BatchMatMulV2', [a, b], shape, {
        adj_x: flag(false),
        adj_y: flag(transposeB),
      });
    },
    concat(a, b, axis) {
      const shape = a.shape.map((size, each) => (each === axis ? size + b.shape[axis]! : size));
      return graph.op('ConcatV2', [a, b, graph.ints([axis], [])], shape, { N: int(2) });
    },
    mean: (x) =>
      graph.op('Mean', [x, graph.ints([-1])], [...x.shape.slice(0, -1), 1], {
        keep_dims: flag(true),
      }),
    squaredDifference: (a, b) => broadcast('SquaredDifference', a, b),
    rsqrt: (x) => like('Rsqrt', x),
    erf: (x) => like('Erf', x),
    softmax: (x) => like('Softmax', x),
    firstToken: (x) =>
      graph.op(
        'StridedSlice',
        [x, graph.ints([0, 0, 0]), graph.ints([0, 1, 0]), graph.ints([1, 1, 1])],
        [1, WIDTH],
        {
          begin_mask: int(5),
          end_mask: int(5),
          ellipsis_mask: int(0),
          new_axis_mask: int(0),
          shrink_axis_mask: int(2),
        },
      ),
    meanToken: (x) =>
      graph.op('Mean', [x, graph.ints([1])], [1, WIDTH], { keep_dims: flag(false) }),
  };
};

export const transformerFunction =
  (weights: Weights, read: Read = 'classToken') =>
  (x: Tensor): Tensor =>
    tf.tidy(() => transformer(functionOps, weights.rewind(), x, read));

export function transformerGraph(weights: Weights, read: Read = 'classToken'): Graph {
  const graph = new GraphWriter();
  transformer(graphOps(graph), weights.rewind(), graph.input(1, SIZE), read);
  return graphModel(graph.nodes);
}
