import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

type Attributes = Record<string, unknown>;

const type = { type: 'DT_FLOAT' };
const shapeOf = (sizes: number[]) => ({ dim: sizes.map((size) => ({ size: String(size) })) });

/** A node of a graph model, all of float32. */
export function node(
  name: string,
  op: string,
  input: string[] = [],
  attr: Attributes = {},
): Attributes {
  return { name, op, input, attr: { T: type, ...attr } };
}

/** The input x, [-1, ...] for a batch of any size. */
export function placeholder(name: string, shape: number[]): Attributes {
  return node(name, 'Placeholder', [], { dtype: type, shape: { shape: shapeOf(shape) } });
}

export interface Constant {
  readonly shape: number[];
  readonly values: ArrayLike<number>;
  readonly dtype?: 'float32' | 'int32';
}

/** Writes a graph model as graph.json and graph.bin; its constants come before the nodes. */
export function writeGraph(
  folder: string,
  nodes: Attributes[],
  constants: Record<string, Constant>,
): void {
  const entries = Object.entries(constants).map(([name, { dtype = 'float32', ...constant }]) => ({
    ...constant,
    name,
    dtype,
    graphType: dtype === 'float32' ? 'DT_FLOAT' : 'DT_INT32',
  }));
  const constantNodes = entries.map(({ name, shape, graphType }) =>
    node(name, 'Const', [], {
      dtype: { type: graphType },
      value: { tensor: { dtype: graphType, tensorShape: shapeOf(shape) } },
    }),
  );
  const json = {
    format: 'graph-model',
    modelTopology: { versions: {}, node: [...constantNodes, ...nodes] },
    weightsManifest: [
      {
        paths: ['graph.bin'],
        weights: entries.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
      },
    ],
  };
  const bytes = entries.map(({ dtype, values }) =>
    Buffer.from((dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values)).buffer),
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'graph.json'), JSON.stringify(json));
  writeFileSync(path.join(folder, 'graph.bin'), Buffer.concat(bytes));
}
