/** Networks as graph models, with the fused nodes that the converter makes. */
import { util } from '@tensorflow/tfjs-core';
import type { Graph, GraphNode } from '../model/graph.js';
import { fused, graphModel } from '../model/graph.js';
import type { Activation, Architecture, Builder, Padding } from './builder.js';
import { pair } from './builder.js';
import type { Edge } from './graphWriter.js';
import { flag, GraphWriter, int, ints, windowOf } from './graphWriter.js';
import type { Weights } from './weights.js';
import { alreadyMade } from './weights.js';

export const asGraphModel = (architecture: Architecture, weights: Weights): Graph =>
  graphModel(asGraph(architecture, weights));

export function asGraph({ size, build }: Architecture, weights: Weights): GraphNode[] {
  const graph = new GraphWriter();
  build(graphBuilder(graph, weights.rewind()), graph.input(-1, size));
  return graph.nodes;
}

function graphBuilder(graph: GraphWriter, weights: Weights): Builder<Edge> {
  const channels = (x: Edge): number => x.shape.at(-1)!;
  /** [n, h, w, c] of a window's output. */
  const slid = (
    { shape: [n, h, w] }: Edge,
    kernel: [number, number],
    stride: number,
    padding: Padding,
    c: number,
  ) => {
    const length = (size: number, reach: number) =>
      Math.ceil((padding === 'same' ? size : size - reach + 1) / stride);
    return [n!, length(h!, kernel[0]), length(w!, kernel[1]), c];
  };
  const same = (op: string, x: Edge): Edge => graph.op(op, [x], x.shape);
  const multiply = (a: Edge, b: Edge): Edge =>
    graph.op(
      'Mul',
      [a, b],
      util.sizeFromShape(a.shape) > util.sizeFromShape(b.shape) ? a.shape : b.shape,
    );

  const activate = (x: Edge, activation: Activation): Edge => {
    switch (activation) {
      case 'relu':
        return same('Relu', x);
      case 'relu6':
        return same('Relu6', x);
      case 'sigmoid':
        return same('Sigmoid', x);
      case 'swish':
        return multiply(x, same('Sigmoid', x));
      case 'hardSigmoid':
        return multiply(
          same('Relu6', graph.op('AddV2', [x, graph.number(3)], x.shape)),
          graph.number(1 / 6),
        );
      case 'hardSwish':
        return multiply(x, activate(x, 'hardSigmoid'));
    }
  };

  return {
    channels,
    conv(x, { filters, kernel, stride = 1, padding = 'same', activation }) {
      const size = pair(kernel);
      const filter = graph.values(
        weights.kernel([...size, channels(x), filters], size[0] * size[1] * channels(x)),
      );
      const shape = slid(x, size, stride, padding, filters);
      const attr = windowOf(stride, padding);
      if (activation === undefined) return graph.op('Conv2D', [x, filter], shape, attr);
      const fusedOps = activation === 'relu' ? ['BiasAdd', 'Relu'] : ['BiasAdd'];
      const bias = graph.values(weights.bias(filters));
      return graph.op('_FusedConv2D', [x, filter, bias], shape, { ...attr, ...fused(...fusedOps) });
    },
    depthwise(x, { kernel, stride = 1, padding = 'same' }) {
      const size = pair(kernel);
      const filter = graph.values(weights.kernel([...size, channels(x), 1], size[0] * size[1]));
      const shape = slid(x, size, stride, padding, channels(x));
      return graph.op('DepthwiseConv2dNative', [x, filter], shape, windowOf(stride, padding));
    },
    batchNorm(x, { scale = true, epsilon = 1e-3 } = {}) {
      const [gamma, ...rest] = weights.batchNorm(channels(x), alreadyMade);
      // A graph has ones where a layer has no scale.
      const ones = { shape: [channels(x)], data: new Float32Array(channels(x)).fill(1) };
      const statistics = [scale ? gamma : ones, ...rest].map((values) => graph.values(values));
      return graph.op('FusedBatchNormV3', [x, ...statistics], x.shape, {
        epsilon: { f: epsilon },
        is_training: flag(false),
      });
    },
    activate,
    pool(x, kind, { size, stride, padding = 'same' }) {
      const shape = slid(x, [size, size], stride, padding, channels(x));
      const attr = { ...windowOf(stride, padding), ksize: ints(1, size, size, 1) };
      return graph.op(kind === 'max' ? 'MaxPool' : 'AvgPool', [x], shape, attr);
    },
    zeroPad(x, [top, bottom, left, right]) {
      const [n, h, w, c] = x.shape as [number, number, number, number];
      const paddings = graph.ints([0, 0, top, bottom, left, right, 0, 0], [4, 2]);
      return graph.op('Pad', [x, paddings], [n, h + top + bottom, w + left + right, c]);
    },
    globalAverage: (x) =>
      graph.op('Mean', [x, graph.ints([1, 2])], [x.shape[0]!, channels(x)], {
        keep_dims: flag(false),
      }),
    asImage: (x) =>
      graph.op(
        'Reshape',
        [x, graph.ints([-1, 1, 1, channels(x)])],
        [x.shape[0]!, 1, 1, channels(x)],
      ),
    flatten(x) {
      const size = util.sizeFromShape(x.shape.slice(1));
      return graph.op('Reshape', [x, graph.ints([-1, size])], [x.shape[0]!, size]);
    },
    dense(x, units, activation) {
      const kernel = graph.values(weights.kernel([channels(x), units], channels(x)));
      const bias = graph.values(weights.bias(units));
      const shape = [x.shape[0]!, units];
      const fusedOps = activation === 'relu' ? ['BiasAdd', 'Relu'] : ['BiasAdd'];
      const y = graph.op('_FusedMatMul', [x, kernel, bias], shape, fused(...fusedOps));
      return activation === 'softmax' ? same('Softmax', y) : y;
    },
    add: (a, b) => graph.op('AddV2', [a, b], a.shape),
    multiply,
    concat(parts) {
      const shape = [
        ...parts[0]!.shape.slice(0, -1),
        parts.reduce((sum, part) => sum + channels(part), 0),
      ];
      return graph.op('ConcatV2', [...parts, graph.ints([3], [])], shape, { N: int(parts.length) });
    },
  };
}
