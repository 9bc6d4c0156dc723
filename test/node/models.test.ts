/** Oracle: models whose output is worked out by hand, and a trained one read by tfjs itself. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { FileError, loadModel, modelFolder } from '../../src/node/index.js';
import type { TfjsModel } from '../../src/node/index.js';
import { humanModel } from '../model/trained.js';
import { temporaryFolder } from './temporaryFolder.js';
import { copyHumanModel, humanModels, outputOfOneTwoThree } from './writeModels.js';
import { writeTeachableMachine } from './writeModels.js';

const { folder, at, write } = temporaryFolder();

beforeAll(async () => {
  await tf.setBackend('cpu');
  await writeTeachableMachine(at('cats'), { size: 8 });
  copyHumanModel('emotion', at('emotion'));
});

/** The outputs for an image of which channel c is c + 1. */
function outputOf(model: Pick<TfjsModel, 'predict'>): number[] {
  const output = tf.tidy(
    () => model.predict(tf.add(tf.zeros([1, 8, 8, 3]), tf.tensor1d([1, 2, 3]))) as tf.Tensor,
  );
  const values = Array.from(output.dataSync());
  output.dispose();
  return values;
}

async function outputAt(location: string): Promise<number[]> {
  const model = await loadModel(location);
  const values = outputOf(model);
  model.dispose();
  return values;
}

describe('a folder of Teachable Machine', () => {
  test('loads by the folder and by its JSON file', async () => {
    expect(await outputAt(at('cats'))).toEqual(outputOfOneTwoThree);
    expect(await outputAt(at('cats', 'model.json'))).toEqual(outputOfOneTwoThree);
  });

  test('loads by tfjs itself through modelFolder', async () => {
    const model = await loadLayersModel(modelFolder(at('cats')));
    expect(outputOf(model)).toEqual(outputOfOneTwoThree);
    model.dispose();
  });

  test('leaves nothing but its weights in memory', async () => {
    const before = tf.memory().numTensors;
    const model = await loadModel(at('cats'));
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(model.inputs[0]!.shape).toEqual([null, 8, 8, 3]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('loads with its weights in several files, and without a format', async () => {
    const json = JSON.parse(readFileSync(at('cats', 'model.json'), 'utf8')) as tf.io.ModelJSON;
    const weights = readFileSync(at('cats', 'weights.bin'));
    const group = { ...json.weightsManifest[0]!, paths: ['1.bin', 'deeper/2.bin'] };
    write('old/model.json', { modelTopology: json.modelTopology, weightsManifest: [group] });
    write('old/1.bin', weights.subarray(0, 10));
    write('old/deeper/2.bin', weights.subarray(10));
    expect(await outputAt(at('old'))).toEqual(outputOfOneTwoThree);
  });
});

describe('a trained graph model', () => {
  test.each(['folder', 'JSON file', 'modelFolder'])('%s', async (way) => {
    const own =
      way === 'modelFolder'
        ? await loadGraphModel(modelFolder(at('emotion')))
        : await loadModel(way === 'folder' ? at('emotion') : at('emotion', 'emotion.json'));
    const reference = humanModel('emotion');
    const faces = tf.randomUniform([1, 64, 64, 1], -1, 1, 'float32', 1);
    const [a, b] = [own, reference].map((model) => model.predict(faces) as tf.Tensor);
    expect(a!.shape).toEqual([1, 7]);
    expect(a!.dataSync()).toEqual(b!.dataSync());
    tf.dispose([faces, a!, b!]);
    own.dispose();
    reference.dispose();
  });
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

  test('a folder or a JSON file; a query goes with every file', async () => {
    expect(await outputAt(`${origin}/cats?key=secret`)).toEqual(outputOfOneTwoThree);
    expect(await outputAt(`${origin}/cats/model.json?key=secret`)).toEqual(outputOfOneTwoThree);
  });

  test('an HTTP error, an unreachable host and a URL that is none are named', async () => {
    const missing = `${origin}/none/model.json?key=secret`;
    await expect(loadModel(missing)).rejects.toThrow(new Error(`${missing}: HTTP status 404`));
    await expect(loadModel(`${origin}/cats`)).rejects.toThrow(
      new Error(`${origin}/cats/model.json: HTTP status 403`),
    );
    const nobody = 'http://127.0.0.1:9/model.json';
    await expect(loadModel(nobody)).rejects.toThrow(`${nobody}: cannot be fetched (`);
    await expect(loadModel('http://')).rejects.toThrow(new Error('http://: not a URL'));
    await expect(loadModel(`${origin}/cats.h5?key=secret`)).rejects.toThrow(
      `${origin}/cats.h5: a Keras model in HDF5; convert it: `,
    );
  });

  test.each(['../cats/weights.bin', '/cats/weights.bin', '%2e%2e/cats/weights.bin', '//'])(
    'weights outside of the folder, %s, are not asked for',
    async (name) => {
      const json = JSON.parse(readFileSync(at('cats', 'model.json'), 'utf8')) as tf.io.ModelJSON;
      const group = { ...json.weightsManifest[0]!, paths: [name] };
      write('outside/model.json', { ...json, weightsManifest: [group] });
      await expect(loadModel(`${origin}/outside?key=secret`)).rejects.toThrow(
        `, '${name}', which is refused`,
      );
    },
  );

  test('weights on another server are not asked for', async () => {
    const json = JSON.parse(readFileSync(at('cats', 'model.json'), 'utf8')) as tf.io.ModelJSON;
    const group = { ...json.weightsManifest[0]!, paths: ['http://127.0.0.1:9/weights.bin'] };
    write('elsewhere/model.json', { ...json, weightsManifest: [group] });
    await expect(loadModel(`${origin}/elsewhere?key=secret`)).rejects.toThrow(
      "names weights on another server, 'http://127.0.0.1:9/weights.bin', which is refused",
    );
  });
});

describe('limits of downloads', () => {
  const server = createServer((request, response) => {
    if (request.url === '/silent/model.json') return; // never answers
    if (request.url === '/stalls/model.json') return void response.write('{');
    if (request.url === '/announces/model.json')
      return void response.writeHead(200, { 'Content-Length': 1e12 }).write('{');
    const pour = (): void => {
      while (response.write(' '.repeat(1 << 16)));
    };
    response.on('drain', pour);
    pour();
  });
  let origin: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  test.each(['announces', 'endless'])('size: a server that %s', async (name) => {
    const url = `${origin}/${name}/model.json`;
    const reason = 'more than 1000000 bytes; a greater maxBytes would allow it';
    await expect(loadModel(url, { maxBytes: 1e6 })).rejects.toThrow(new FileError(url, reason));
  });

  test.each(['is silent', 'stalls'])('time: a server that %s', async (name) => {
    const url = `${origin}/${name.split(' ').at(-1)!}/model.json`;
    const reason = 'took more than 200 ms; a greater timeout would allow it';
    await expect(loadModel(url, { timeout: 200 })).rejects.toThrow(`${url}: ${reason}`);
  });

  test.each<[object, string]>([
    [{ maxBytes: 0 }, 'maxBytes must be a positive integer, got 0'],
    [{ timeout: 2 ** 31 }, 'timeout must be at most 2147483647 milliseconds, got 2147483648'],
    [{ timeOut: 1 }, "unknown option 'timeOut', did you mean 'timeout'?"],
  ])('%j is refused', async (options, message) => {
    await expect(loadModel(`${origin}/endless`, options)).rejects.toThrow(`loadModel: ${message}`);
  });
});

describe('weights outside of the folder are refused', () => {
  const refusal = (file: string, name: string) =>
    new FileError(file, `names weights outside of its folder, '${name}', which is refused`);

  function writeNaming(target: string, name: string): string {
    const json = JSON.parse(readFileSync(at('cats', 'model.json'), 'utf8')) as tf.io.ModelJSON;
    const weightsManifest = [{ ...json.weightsManifest[0]!, paths: [name] }];
    return write(`${target}/model.json`, { ...json, weightsManifest });
  }

  test.each([
    '../cats/weights.bin',
    'deeper/../../cats/weights.bin',
    '..',
    '.',
    '/etc/passwd',
    path.join(folder, 'escape', 'model.json'),
  ])('%s', async (name) => {
    const file = writeNaming('escape', name);
    mkdirSync(at('escape/deeper'), { recursive: true });
    await expect(modelFolder(at('escape')).load!()).rejects.toThrow(refusal(file, name));
    await expect(loadModel(file)).rejects.toThrow(refusal(file, name));
  });

  test('a link to a file outside, or through a linked folder', async () => {
    for (const name of ['weights.bin', 'deeper/weights.bin']) {
      const target = name === 'weights.bin' ? 'linked' : 'linkedFolder';
      const file = writeNaming(target, name);
      if (target === 'linked') symlinkSync(at('cats/weights.bin'), at('linked/weights.bin'));
      else symlinkSync(at('cats'), at('linkedFolder/deeper'));
      await expect(loadModel(at(target))).rejects.toThrow(refusal(file, name));
    }
  });

  test('links within the folder, and a link to the folder, are none', async () => {
    writeNaming('within', 'link.bin');
    write('within/real.bin', readFileSync(at('cats/weights.bin')));
    symlinkSync('real.bin', at('within/link.bin'));
    symlinkSync(at('within'), at('toWithin'));
    expect(await outputAt(at('within'))).toEqual(outputOfOneTwoThree);
    expect(await outputAt(at('toWithin'))).toEqual(outputOfOneTwoThree);
  });

  test('names that merely begin with dots are in the folder', async () => {
    writeNaming('dots', '..weights.bin');
    write('dots/..weights.bin', readFileSync(at('cats/weights.bin')));
    expect(await outputAt(at('dots'))).toEqual(outputOfOneTwoThree);
  });
});

describe('what is missing or cut is named in one line', () => {
  const isNone = 'neither a layers model nor a graph model of TensorFlow.js';
  const graph = { format: 'graph-model', modelTopology: { node: [] }, weightsManifest: [] };

  test.each<[name: string, content: unknown, reason: string]>([
    ['text', 'not JSON', 'not JSON'],
    ['null', 'null', isNone],
    ['labels', ['cat'], isNone],
    ['format', { ...graph, format: 'pickle' }, isNone],
    ['topology', { modelTopology: {}, weightsManifest: [] }, isNone],
    ['weightless', { ...graph, weightsManifest: undefined }, 'names no weights (weightsManifest)'],
    [
      'manifest',
      { ...graph, weightsManifest: [{ paths: [5] }] },
      'names no weights (weightsManifest)',
    ],
  ])('%s', async (name, content, reason) => {
    const file = write(`${name}/model.json`, content);
    await expect(loadModel(file)).rejects.toThrow(new FileError(file, reason));
    await expect(modelFolder(at(name)).load!()).rejects.toThrow(new FileError(file, reason));
  });

  test('a missing place, a folder without a model, a folder with several', async () => {
    const none = new FileError(at('none'), 'no such file or folder');
    await expect(loadModel(at('none'))).rejects.toThrow(none);
    await expect(loadModel(at('none'))).rejects.toMatchObject({
      name: 'FileError',
      path: none.path,
    });
    write('empty/metadata.json', {});
    await expect(loadModel(at('empty'))).rejects.toThrow(
      new FileError(at('empty'), 'no model here, as there is no model.json'),
    );
    for (const name of ['b.json', 'a.json', 'labels.json']) write(`several/${name}`, {});
    await expect(loadModel(at('several'))).rejects.toThrow(
      new FileError(at('several'), 'which model? There are a.json, b.json'),
    );
  });

  test('missing and cut weights', async () => {
    await writeTeachableMachine(at('cut'), { size: 8 });
    writeFileSync(at('cut/weights.bin'), new Uint8Array(20));
    await expect(loadModel(at('cut'))).rejects.toThrow(
      new FileError(at('cut/weights.bin'), 'must hold 24 bytes of weights, found 20'),
    );
    renameSync(at('cut/weights.bin'), at('cut/renamed'));
    await expect(loadModel(at('cut'))).rejects.toThrow(
      new FileError(at('cut/weights.bin'), 'no such file'),
    );
  });

  test('a wrong argument', async () => {
    await expect(loadModel(5 as never)).rejects.toThrow(
      new TypeError('loadModel: location must be a path or a URL, got 5'),
    );
    expect(() => modelFolder('')).toThrow(
      new TypeError("modelFolder: path must be a path, got ''"),
    );
  });
});

test('control flow of a trained detector is named, and no hindrance to modelFolder', async () => {
  const file = path.join(humanModels, 'handtrack.json');
  const message = await loadModel(file).catch((error: unknown) => (error as Error).message);
  expect(message).toMatch(
    /handtrack\.json: a graph with control flow \(\w+, at node '[^']+'\), through which TensorFlow\.js has no gradient; /,
  );
  const model = await loadGraphModel(modelFolder(file));
  expect(model.inputs.length).toBe(1);
  model.dispose();
});
