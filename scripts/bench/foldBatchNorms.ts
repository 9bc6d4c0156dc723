/** Graph models as tfjs's converter writes them: batch normalizations and rectifiers folded. */
import { fused } from '../../test/model/graph.js';
import type { GraphNode } from '../../test/model/graph.js';

const FOLDED: Readonly<Record<string, string>> = {
  Conv2D: '_FusedConv2D',
  DepthwiseConv2dNative: 'FusedDepthwiseConv2dNative',
};

const RECTIFIERS = ['Relu', 'Relu6'];

/**
 * Folds each batch normalization behind a convolution into its filter and a bias, with the
 * rectifier behind it, if there is one.
 */
export function foldBatchNorms(nodes: readonly GraphNode[]): GraphNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const readers = (name: string): GraphNode[] =>
    nodes.filter(({ input }) => input?.includes(name) === true);
  const onlyReader = (name: string): GraphNode | undefined =>
    readers(name).length === 1 ? readers(name)[0] : undefined;

  const result = new Map(byName);
  for (const norm of nodes.filter(({ op }) => op === 'FusedBatchNormV3')) {
    const convolution = byName.get(norm.input![0]!)!;
    const op = FOLDED[convolution.op];
    if (op === undefined || onlyReader(convolution.name) !== norm) continue;
    const reader = onlyReader(norm.name);
    const rectifier = reader !== undefined && RECTIFIERS.includes(reader.op) ? reader : undefined;
    const [filter, bias] = foldedWeights(norm, convolution, byName);
    // Under the name of the last, which is what the next nodes read, and in its place.
    const { name } = rectifier ?? norm;
    const ops = rectifier === undefined ? ['BiasAdd'] : ['BiasAdd', rectifier.op];
    const input = [convolution.input![0]!, filter.name, bias.name];
    result.set(name, { name, op, input, attr: { ...convolution.attr, ...fused(...ops) } });
    result.set(filter.name, filter).set(bias.name, bias);
    result.delete(convolution.name);
    if (rectifier !== undefined) result.delete(norm.name);
  }
  const read = new Set([...result.values()].flatMap(({ input }) => input ?? []));
  return [...result.values()].filter(({ name, value }) => value === undefined || read.has(name));
}

function foldedWeights(
  norm: GraphNode,
  convolution: GraphNode,
  byName: ReadonlyMap<string, GraphNode>,
): [GraphNode, GraphNode] {
  const constantOf = (name: string): GraphNode => byName.get(name)!;
  const filter = constantOf(convolution.input![1]!);
  const [gamma, beta, mean, variance] = norm
    .input!.slice(1)
    .map((name) => constantOf(name).value!.data);
  const { f: epsilon } = norm.attr!['epsilon'] as { f: number };
  const factors = gamma!.map((scale, c) => scale / Math.sqrt(variance![c]! + epsilon));
  // The output's channels are the filter's last axis, of [kh, kw, c, d] or [kh, kw, c, 1].
  const data = filter.value!.data.map((weight, i) => weight * factors[i % factors.length]!);
  const offsets = factors.map((factor, c) => beta![c]! - mean![c]! * factor);
  const shape = [offsets.length];
  const value: GraphNode['value'] = { shape, dtype: 'float32', data: offsets };
  return [
    { ...filter, name: `${filter.name}_folded`, value: { ...filter.value!, data } },
    { ...constantOf(norm.input![2]!), name: `${norm.name}_bias`, value },
  ];
}
