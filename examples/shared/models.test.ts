import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { memory, tensor2d } from '@tensorflow/tfjs-core';
import type { io, Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { writeModel } from '../testing/writeModel.js';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import { loadModel } from './models.js';

const folder = temporaryFolder();
const at = (...names: string[]) => path.join(folder, ...names);

/** x [n, 2] -> x w, with w = [[1, 2, 3], [4, 5, 6]]: [1, 10] gives [41, 52, 63]. */
const weights = [1, 2, 3, 4, 5, 6];
const expected = [41, 52, 63];

/** The same product as a graph. */
const graph = {
  format: 'graph-model',
  modelTopology: {
    versions: {},
    node: [
      {
        name: 'x',
        op: 'Placeholder',
        attr: {
          dtype: { type: 'DT_FLOAT' },
          shape: { shape: { dim: [{ size: '-1' }, { size: '2' }] } },
        },
      },
      {
        name: 'w',
        op: 'Const',
        attr: {
          dtype: { type: 'DT_FLOAT' },
          value: {
            tensor: { dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '2' }, { size: '3' }] } },
          },
        },
      },
      {
        name: 'y',
        op: 'MatMul',
        input: ['x', 'w'],
        attr: { T: { type: 'DT_FLOAT' }, transpose_a: { b: false }, transpose_b: { b: false } },
      },
    ],
  },
  weightsManifest: [
    { paths: ['graph.bin'], weights: [{ name: 'w', shape: [2, 3], dtype: 'float32' }] },
  ],
};

function writeGraph(name: string, change: object = {}): string {
  mkdirSync(at(name), { recursive: true });
  writeFileSync(at(name, 'graph.json'), JSON.stringify({ ...graph, ...change }));
  writeFileSync(at(name, 'graph.bin'), Float32Array.from(weights));
  return at(name);
}

async function output(location: string): Promise<number[]> {
  const model = await loadModel(location);
  const input = tensor2d([[1, 10]]);
  const result = model.predict(input) as Tensor;
  const values = [...result.dataSync()];
  result.dispose();
  input.dispose();
  model.dispose();
  return values;
}

beforeAll(async () => {
  const model = sequential({
    layers: [layers.dense({ units: 3, useBias: false, inputShape: [2] })],
  });
  model.setWeights([tensor2d(weights, [2, 3])]);
  await writeModel(model, at('layers'), { shards: 2 });
  model.dispose();
  writeGraph('graph');
});

test('a layers model from a folder or its JSON file, its weights in two shards', async () => {
  expect(await output(at('layers'))).toEqual(expected);
  expect(await output(at('layers', 'model.json'))).toEqual(expected);
});

test('a graph model, whatever the name of its JSON file', async () => {
  expect(await output(at('graph'))).toEqual(expected);
  expect(await output(at('graph', 'graph.json'))).toEqual(expected);
});

test('weights quantised to 16 bits', async () => {
  const location = writeGraph('quantised', {
    weightsManifest: [
      {
        paths: ['graph.bin'],
        weights: [
          {
            name: 'w',
            shape: [2, 3],
            dtype: 'float32',
            quantization: { dtype: 'uint16', scale: 0.5, min: 1 },
          },
        ],
      },
    ],
  });
  writeFileSync(
    at('quantised', 'graph.bin'),
    Uint16Array.from(weights, (weight) => (weight - 1) / 0.5),
  );
  expect(await output(location)).toEqual(expected);
});

test('models without a format, as early converters wrote them, are known by their topology', async () => {
  expect(await output(writeGraph('old', { format: undefined }))).toEqual(expected);
  mkdirSync(at('old-layers'));
  for (const name of ['shard1.bin', 'shard2.bin'])
    copyFileSync(at('layers', name), at('old-layers', name));
  const { format, ...old } = JSON.parse(
    readFileSync(at('layers', 'model.json'), 'utf8'),
  ) as io.ModelJSON;
  expect(format).toBe('layers-model');
  writeFileSync(at('old-layers', 'model.json'), JSON.stringify(old));
  expect(await output(at('old-layers'))).toEqual(expected);
});

test('nothing but the weights stays in memory', async () => {
  const before = memory().numTensors;
  const model = await loadModel(at('layers'));
  expect(memory().numTensors).toBe(before + 1);
  model.dispose();
  expect(memory().numTensors).toBe(before);
});

describe('from a URL', () => {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    if (searchParams.get('key') !== 'secret') return void response.writeHead(403).end();
    try {
      response.end(readFileSync(path.join(folder, pathname)));
    } catch {
      response.writeHead(404).end();
    }
  });
  let origin: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  test('both kinds load; a query goes with every file', async () => {
    expect(await output(`${origin}/layers?key=secret`)).toEqual(expected);
    expect(await output(`${origin}/graph/graph.json?key=secret`)).toEqual(expected);
  });

  test('an HTTP error, an unreachable host and a URL that is none are named', async () => {
    const missing = `${origin}/none/model.json?key=secret`;
    await expect(loadModel(missing)).rejects.toThrow(new Error(`${missing}: HTTP status 404`));
    await expect(loadModel(`${origin}/layers`)).rejects.toThrow(
      new Error(`${origin}/layers/model.json: HTTP status 403`),
    );
    const nobody = 'http://127.0.0.1:9/model.json';
    await expect(loadModel(nobody)).rejects.toThrow(`${nobody}: cannot be fetched (`);
    await expect(loadModel('http://')).rejects.toThrow(new Error('http://: not a URL'));
  });
});

describe('what cannot be loaded is named in one line', () => {
  function write(name: string, content: unknown): string {
    mkdirSync(at(name), { recursive: true });
    const file = at(name, 'model.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }
  const isNone = 'neither a layers model nor a graph model of TensorFlow.js';

  test.each<[name: string, content: unknown, reason: string]>([
    ['text', 'not JSON', 'not JSON'],
    ['null', 'null', isNone],
    ['labels', ['cat'], isNone],
    ['format', { ...graph, format: 'pickle' }, isNone],
    ['topology', { modelTopology: {}, weightsManifest: [] }, isNone],
    ['weightless', { ...graph, weightsManifest: undefined }, 'names no weights (weightsManifest)'],
  ])('%s', async (name, content, reason) => {
    const file = write(name, content);
    await expect(loadModel(file)).rejects.toThrow(new Error(`${file}: ${reason}`));
  });

  test('a missing place, a folder without a model, a folder with several', async () => {
    await expect(loadModel(at('none'))).rejects.toThrow(
      new Error(`${at('none')}: no such file or folder`),
    );
    mkdirSync(at('empty'));
    await expect(loadModel(at('empty'))).rejects.toThrow(
      new Error(`${at('empty')}: no model here, as there is no .json file`),
    );
    mkdirSync(at('several'));
    for (const name of ['b.json', 'a.json']) writeFileSync(at('several', name), '{}');
    await expect(loadModel(at('several'))).rejects.toThrow(
      new Error(`${at('several')}: which model? There are a.json, b.json`),
    );
  });

  test('missing and cut weights', async () => {
    const location = writeGraph('cut');
    const shard = at('cut', 'graph.bin');
    writeFileSync(shard, readFileSync(shard).subarray(0, 20));
    await expect(loadModel(location)).rejects.toThrow(
      new Error(`${shard}: must hold 24 bytes of weights, found 20`),
    );
    const manifest = [{ ...graph.weightsManifest[0]!, paths: ['gone.bin'] }];
    await expect(loadModel(writeGraph('gone', { weightsManifest: manifest }))).rejects.toThrow(
      new Error(`${at('gone', 'gone.bin')}: no such file`),
    );
  });

  test('what TensorFlow.js itself refuses', async () => {
    const topology = {
      class_name: 'Sequential',
      config: { name: 's', layers: [{ class_name: 'Lambda', config: {} }] },
    };
    const file = write('lambda', {
      format: 'layers-model',
      modelTopology: topology,
      weightsManifest: [],
    });
    await expect(loadModel(file)).rejects.toThrow(
      `${file}: TensorFlow.js cannot load it (Unknown layer: Lambda.`,
    );
  });
});
