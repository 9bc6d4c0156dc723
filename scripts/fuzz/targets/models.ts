/** Folders of models: topologies, manifests and shards that are wrong or lie. */
import { ones, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadModel } from 'tfjs-saliency/node';
import type { TfjsModel } from 'tfjs-saliency/node';
import { node, placeholder, writeGraph } from '../../../examples/testing/writeGraph.js';
import { writeModel } from '../../../examples/testing/writeModel.js';
import { mutated } from '../mutate.js';
import type { Draw } from '../random.js';
import { checkAfter, noTensorsLeft, WrongResult } from '../target.js';
import type { Target } from '../target.js';

type Files = Record<string, Buffer>;
type Manifest = { paths: string[]; weights: Record<string, unknown>[] }[];
interface ModelJson {
  modelTopology: object;
  weightsManifest: Manifest;
}

/** Lies about weights and files that chance would seldom find. */
const LIES: readonly ((group: Manifest[number], draw: Draw) => void)[] = [
  ({ weights }, draw) => (draw.pick(weights)['shape'] = [16384, 16384]), // 1 GB
  ({ weights }) => (weights[0]!['shape'] = [-1, -12]),
  ({ weights }, draw) => (draw.pick(weights)['shape'] = [1.5, 2]),
  ({ weights }) => (weights[0]!['shape'] = { length: 2 }),
  ({ weights }, draw) => (draw.pick(weights)['dtype'] = draw.pick(['string', 'complex64', 'x'])),
  ({ weights }, draw) =>
    (weights[0]!['quantization'] = draw.pick<unknown>([
      { dtype: 'uint8' },
      { dtype: 'uint8', scale: 'x', min: null },
      { dtype: 'float16' },
      { dtype: 'string', scale: 1, min: 0 },
      7,
      'uint8',
    ])),
  ({ weights }) => (weights[0]!['name'] = weights.at(-1)!['name']),
  ({ paths }, draw) => paths.push(draw.pick(['../secret', '/etc/passwd', '.', 'link', ''])),
  (group) => (group.paths = Array.from({ length: 100_000 }, () => group.paths[0]!)),
  ({ paths }) => paths.reverse(),
  (group) => (group.weights = Array.from({ length: 50_000 }, () => group.weights[0]!)),
];

/** The files of a folder, as they are written when nothing is wrong. */
function filesOf(folder: string, ...names: string[]): Files {
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name))]));
}

async function writeSources(folder: string): Promise<readonly Files[]> {
  const model = sequential({
    layers: [
      layers.conv2d({ inputShape: [6, 6, 3], filters: 2, kernelSize: 3, activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  const layersFolder = path.join(folder, 'layers');
  await writeModel(model, layersFolder, { shards: 2 });
  model.dispose();
  const graphFolder = path.join(folder, 'graph');
  const nodes = [
    placeholder('x', [-1, 12]),
    node('product', 'MatMul', ['x', 'w'], {
      transpose_a: { b: false },
      transpose_b: { b: false },
    }),
    node('y', 'Softmax', ['product']),
  ];
  const w = { shape: [12, 3], values: Array.from({ length: 36 }, (_, i) => i / 36) };
  writeGraph(graphFolder, nodes, { w });
  return [
    filesOf(layersFolder, 'model.json', 'shard1.bin', 'shard2.bin'),
    filesOf(graphFolder, 'graph.json', 'graph.bin'),
  ];
}

/** Writes a model with something wrong, and says of which kind. */
function writeWrong(folder: string, files: Files, draw: Draw): string {
  const [jsonName] = Object.keys(files) as [string];
  const wrong = { ...files };
  let json: unknown = JSON.parse(files[jsonName]!.toString());
  const kind = draw.pick(['json', 'json', 'lie', 'shard', 'bytes', 'cycle', 'good']);
  if (kind === 'json') json = mutated(json, draw, 1 + draw.integer(4));
  if (kind === 'lie') draw.pick(LIES)((json as ModelJson).weightsManifest[0]!, draw);
  if (kind === 'cycle') {
    const { node: nodes = [] } = (json as ModelJson).modelTopology as { node?: Cyclic[] };
    for (const each of nodes) if (each.input.length > 0) each.input[0] = draw.pick(nodes).name;
  }
  wrong[jsonName] = Buffer.from(JSON.stringify(json));
  const changed = kind === 'shard' ? draw.pick(Object.keys(files).slice(1)) : jsonName;
  if (kind === 'shard' || kind === 'bytes') {
    const bytes = Buffer.from(wrong[changed]!);
    if (draw.chance(0.5)) bytes[draw.integer(bytes.length)] = draw.integer(256);
    wrong[changed] = bytes.subarray(0, draw.chance(0.5) ? draw.integer(bytes.length) : undefined);
    if (draw.chance(0.2)) Reflect.deleteProperty(wrong, changed);
  }
  for (const [name, content] of Object.entries(wrong))
    writeFileSync(path.join(folder, name), content);
  symlinkSync('/etc/hostname', path.join(folder, 'link'));
  return kind;
}

interface Cyclic {
  readonly name: string;
  readonly input: string[];
}

export const models: Target = {
  name: 'models',
  async open(folder) {
    const sources = await writeSources(folder);
    return {
      run: checkAfter(noTensorsLeft, async (draw, tell) => {
        const made = mkdtempSync(path.join(folder, 'case-'));
        try {
          const kind = writeWrong(made, draw.pick(sources), draw);
          tell(kind);
          const model = await loadModel(made);
          try {
            if (kind === 'good') expectProbabilities(model);
          } finally {
            model.dispose();
          }
        } finally {
          rmSync(made, { recursive: true });
        }
      }),
    };
  },
};

/** The untouched models end in a softmax. */
function expectProbabilities(model: TfjsModel): void {
  const sizes = model.inputs[0]!.shape!.map((size) => Math.max(size ?? 1, 1));
  const total = tidy(() => sum(model.predict(ones(sizes)) as Tensor).dataSync()[0]!);
  if (!(Math.abs(total - 1) < 1e-5)) throw new WrongResult(`probabilities that sum to ${total}`);
}
