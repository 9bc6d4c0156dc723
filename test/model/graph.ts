/** Graph models built by hand, node by node, as the converter writes them. */
import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { loadGraphModelSync } from '@tensorflow/tfjs-converter';

/** A node of a TensorFlow GraphDef in JSON. */
export interface GraphNode {
  name: string;
  op: string;
  input?: string[];
  attr?: Record<string, object>;
  /** The value of a Const. */
  value?: { shape: number[]; dtype: 'float32' | 'int32'; data: readonly number[] };
}

export type Graph = GraphModel<tf.io.IOHandlerSync>;

const DTYPES = { float32: 'DT_FLOAT', int32: 'DT_INT32' } as const;

/** An input; -1 stands for any size. */
export function placeholder(
  name: string,
  shape: number[],
  dtype: keyof typeof DTYPES = 'float32',
): GraphNode {
  const dim = shape.map((size) => ({ size: String(size) }));
  return {
    name,
    op: 'Placeholder',
    attr: { dtype: { type: DTYPES[dtype] }, shape: { shape: { dim } } },
  };
}

export function constant(
  name: string,
  data: readonly number[],
  shape: number[],
  dtype: keyof typeof DTYPES = 'float32',
): GraphNode {
  return {
    name,
    op: 'Const',
    attr: { dtype: { type: DTYPES[dtype] } },
    value: { shape, dtype, data },
  };
}

export function node(
  name: string,
  op: string,
  input: string[],
  attr: Record<string, object> = {},
): GraphNode {
  return { name, op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } };
}

/** The attribute of a fused op that says what is fused into it. */
export function fused(...ops: string[]): Record<string, object> {
  const s = ops.map((op) => btoa(op));
  return { fused_ops: { list: { s } }, num_args: { i: '1' } };
}

/** @param outputs names of nodes, in the model's order; default: those that nothing follows */
export function graphModel(nodes: GraphNode[], outputs: string[] = []): Graph {
  const constants = nodes.filter(({ value }) => value !== undefined);
  const weightSpecs = constants.map(({ name, value }) => ({
    name,
    shape: value!.shape,
    dtype: value!.dtype,
  }));
  const parts = constants.map(({ value }) =>
    (value!.dtype === 'int32' ? Int32Array : Float32Array).from(value!.data),
  );
  const weightData = joined(parts.map((part) => new Uint8Array(part.buffer))).buffer;
  // JSON, as the file has it: the value of a Const is in the weights, not in the graph.
  const node = JSON.parse(
    JSON.stringify(nodes, (key, each: unknown) => (key === 'value' ? undefined : each)),
  ) as object[];
  const modelTopology = { node, versions: { producer: 1 } };
  const signature = {
    inputs: {},
    outputs: Object.fromEntries(
      outputs.map((name) => [name, { name: `${name}:0`, dtype: 'DT_FLOAT' }]),
    ),
  };
  return loadGraphModelSync(
    tf.io.fromMemorySync({ modelTopology, weightSpecs, weightData, signature }),
  );
}

/** Without Node's Buffer, for browsers. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
