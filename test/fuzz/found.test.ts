// Oracle: tfjs's own count of tensors, and errors by hand: what the fuzz suite once found.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { node, placeholder, writeGraph } from '../../examples/testing/writeGraph.js';
import { writeModel } from '../../examples/testing/writeModel.js';
import { readFileSync } from 'node:fs';
import { infidelity, muFidelity, vanillaGradient } from 'tfjs-saliency';
import { loadModel } from 'tfjs-saliency/node';
import { temporaryFolder } from '../node/temporaryFolder.js';

const { at, write } = temporaryFolder();

interface Json {
  modelTopology: { node?: unknown; model_config?: unknown; config?: { layers: unknown[] } };
  weightsManifest: [{ paths: string[]; weights: Record<string, unknown>[] }];
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  const model = sequential({ layers: [layers.dense({ inputShape: [2], units: 3 })] });
  await writeModel(model, at('layers'));
  model.dispose();
  const w = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };
  writeGraph(at('graph'), [placeholder('x', [-1, 2]), node('y', 'MatMul', ['x', 'w'])], { w });
});

/** Writes a model with something changed, and returns the error of loading it. */
async function errorOf(kind: 'layers' | 'graph', change: (json: Json) => void): Promise<Error> {
  const name = `${kind}/${kind === 'layers' ? 'model' : 'graph'}.json`;
  const json = JSON.parse(readFileSync(at(name), 'utf8')) as Json;
  change(json);
  const file = write(name.replace('.json', '-changed.json'), json);
  const before = tf.memory().numTensors;
  const error = await loadModel(file).then(
    () => new Error('loaded'),
    (reason: unknown) => reason as Error,
  );
  expect(tf.memory().numTensors).toBe(before);
  expect(error.name).toBe('FileError');
  expect(error.message).not.toContain('\n');
  return error;
}

test.each<['layers' | 'graph', string, (json: Json) => void]>([
  [
    'layers',
    'weights of another name',
    ({ weightsManifest: [{ weights }] }) => {
      weights[0]!['name'] = 'stranger/kernel';
    },
  ],
  [
    'layers',
    'weights of another shape',
    ({ weightsManifest: [{ weights }] }) => {
      weights[0]!['shape'] = [3, 2];
    },
  ],
  [
    'graph',
    'an output that is not there',
    ({ modelTopology }) => {
      (modelTopology.node as Record<string, unknown>[]).push({
        name: 'z',
        op: 'Relu',
        input: ['q'],
      });
    },
  ],
])('%s: a model that fails with %s leaves no tensor', async (kind, _, change) => {
  await errorOf(kind, change);
});

test('a file of weights that is named 100 000 times is not read', async () => {
  const error = await errorOf('graph', ({ weightsManifest: [group] }) => {
    group.paths = Array<string>(100_000).fill('graph.bin');
  });
  expect(error.message).toContain("names a file of weights twice, 'graph.bin'");
});

test('two weights of one name, and a weight without a shape, are refused', async () => {
  const twice = await errorOf('graph', ({ weightsManifest: [{ weights }] }) => {
    weights.push(weights[0]!);
  });
  expect(twice.message).toContain("has two weights 'w'");
  const shapeless = await errorOf('graph', ({ weightsManifest: [{ weights }] }) => {
    weights[0]!['shape'] = { length: 2 };
  });
  expect(shapeless.message).toContain('has a weight without a name, a shape or a type');
});

test('a file of weights with a line end in its name is named on one line', async () => {
  const error = await errorOf('graph', ({ weightsManifest: [group] }) => {
    group.paths = ['a\nb'];
  });
  expect(error.message).toMatch(/a b: no such file$/);
});

test.each(['muFidelity', 'infidelity'])(
  '%s with a baseline that is none leaves no tensor',
  async (name) => {
    const x = tf.zeros([1, 2, 2, 3]);
    const model = (y: tf.Tensor): tf.Tensor => tf.reshape(tf.sum(y, [1, 2]), [-1, 3]);
    const map = { data: new Float32Array(4), shape: [2, 2] };
    const before = tf.memory().numTensors;
    const call =
      name === 'muFidelity'
        ? muFidelity.async(model, x, 0, map, { baseline: [] })
        : infidelity.async(model, x, 0, map, { perturbation: 'squares', baseline: [] });
    await expect(call).rejects.toThrow('baseline must be a colour of 3 numbers, got []');
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  },
);

test('nodes of a graph that are no list are refused', async () => {
  const error = await errorOf('graph', ({ modelTopology }) => {
    modelTopology.node = { name: 'x' };
  });
  expect(error.message).toContain('a graph whose nodes are no list');
});

test('a text with line ends is shown on one line, and cut', () => {
  const x = tf.zeros([1, 2]);
  const wrong = `a\nb\u2028${'c'.repeat(1000)}`;
  let message = '';
  try {
    vanillaGradient((y) => y, x, wrong as never);
  } catch (error) {
    ({ message } = error as Error);
  }
  expect(message).toContain("got 'a b");
  expect(message).not.toMatch(/[\n\u2028]/);
  expect(message.length).toBeLessThan(600);
  x.dispose();
});
