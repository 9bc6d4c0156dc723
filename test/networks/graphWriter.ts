/** Writes graph models node by node, and knows the shapes. */
import type { GraphNode } from '../model/graph.js';
import { constant, node, placeholder } from '../model/graph.js';
import type { Padding } from './builder.js';
import type { Values } from './weights.js';

/** A node's output. */
export interface Edge {
  readonly name: string;
  readonly shape: number[];
}

export const flag = (b: boolean): object => ({ b });
export const int = (i: number): object => ({ i: String(i) });
export const ints = (...i: number[]): object => ({ list: { i: i.map(String) } });
const text = (value: string): object => ({ s: btoa(value) });

/** The attributes of a sliding window. */
export const windowOf = (stride: number, padding: Padding): Record<string, object> => ({
  strides: ints(1, stride, stride, 1),
  padding: text(padding.toUpperCase()),
  dilations: ints(1, 1, 1, 1),
  data_format: text('NHWC'),
});

export class GraphWriter {
  readonly nodes: GraphNode[] = [];

  /** @param batch -1 for any */
  input(batch: number, size: number): Edge {
    this.nodes.push(placeholder('image', [batch, size, size, 3]));
    return { name: 'image', shape: [1, size, size, 3] };
  }

  /** Adds a node; `shape` is its output's. */
  op(op: string, inputs: Edge[], shape: number[], attr: Record<string, object> = {}): Edge {
    const name = `${op}${this.nodes.length}`;
    this.nodes.push(
      node(
        name,
        op,
        inputs.map((each) => each.name),
        attr,
      ),
    );
    return { name, shape };
  }

  values({ data, shape }: Values): Edge {
    const name = `Const${this.nodes.length}`;
    this.nodes.push(constant(name, [...data], shape));
    return { name, shape };
  }

  number(value: number): Edge {
    return this.values({ shape: [], data: Float32Array.of(value) });
  }

  ints(data: number[], shape = [data.length]): Edge {
    const name = `Const${this.nodes.length}`;
    this.nodes.push(constant(name, data, shape, 'int32'));
    return { name, shape };
  }
}
