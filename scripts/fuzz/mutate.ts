/** Changes of JSON: a value somewhere in it becomes another, goes, comes twice or is the whole. */
import type { Draw } from './random.js';

type Json = unknown;

const VALUES: readonly Json[] = [
  ...[null, true, '', 'x', '../x', '/etc/passwd', '__proto__', 'constructor', '\n', 'a\nb'],
  ...[0, -1, 1, 1.5, 2, 7, 1e9, 2 ** 31, 2 ** 53, 1e308, -0.5],
  ...[[], {}, [[]], [null], [-1, -1], [1e9], [1e5, 1e5], { dim: [] }],
  ...['float32', 'int32', 'string', 'complex64', 'uint8', 'bool', 'float16', 'relu', 'MatMul'],
];

/** A copy of `json` with `count` changes. */
export function mutated(json: Json, draw: Draw, count: number): Json {
  const copy = structuredClone({ root: json });
  for (let i = 0; i < count; i++) change(copy, draw);
  return copy.root;
}

function change(root: { root: Json }, draw: Draw): void {
  let [parent, key]: [Record<string, Json>, string] = [root, 'root'];
  for (;;) {
    const value = parent[key];
    if (typeof value !== 'object' || value === null || draw.chance(0.12)) break;
    const keys = Object.keys(value);
    if (keys.length === 0) break;
    [parent, key] = [value as Record<string, Json>, draw.pick(keys)];
  }
  const acts: (() => void)[] = [
    () => (parent[key] = structuredClone(draw.pick(VALUES))),
    () => (parent[key] = structuredClone(draw.pick(VALUES))),
    () => {
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else if (key !== 'root') Reflect.deleteProperty(parent, key);
    },
    () => {
      if (Array.isArray(parent)) parent.push(structuredClone(parent[Number(key)]));
      else parent[draw.pick(Object.keys(parent))] = structuredClone(parent[key]);
    },
    () => {
      const value = parent[key];
      if (typeof value === 'number') parent[key] = value * draw.pick([-1, 0, 2, 0.5, 1e6]);
      else if (typeof value === 'string') parent[key] = value.slice(0, draw.integer(value.length));
      else parent[key] = nested(value, draw.pick([1, 5, 5000]));
    },
  ];
  draw.pick(acts)();
}

function nested(value: Json, depth: number): Json {
  let outer = value;
  for (let i = 0; i < depth; i++) outer = [outer];
  return outer;
}
