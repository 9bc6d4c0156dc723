/** Oracle: the formats' published magic numbers, and configurations as Keras 3 writes them. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { FileError, loadModel, modelFolder } from '../../src/node/index.js';
import { temporaryFolder } from './temporaryFolder.js';
import { writeLayersModel } from './writeModels.js';

const { at, write } = temporaryFolder();

async function messageOf(location: string): Promise<string> {
  const error = await loadModel(location).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FileError);
  const { message } = error as FileError;
  expect(message).not.toContain('\n');
  await expect(modelFolder(location).load!()).rejects.toThrow(new Error(message));
  return message;
}

const savedModel = 'tensorflowjs_converter --input_format=tf_saved_model saved converted';

describe('files of other formats', () => {
  const hdf5 = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
  const zip = Buffer.from('PK\x03\x04', 'latin1');
  const tflite = Buffer.from('\x1c\0\0\0TFL3', 'latin1');
  const cases: [name: string, head: Uint8Array, message: (file: string) => string][] = [
    [
      'cats.h5',
      hdf5,
      (file) =>
        'a Keras model in HDF5; convert it: pip install tensorflowjs, then ' +
        `tensorflowjs_converter --input_format=keras ${file} converted`,
    ],
    ['hdf5-by-its-bytes', hdf5, () => 'a Keras model in HDF5; '],
    [
      'cats.keras',
      zip,
      (file) =>
        `a Keras 3 model; in Python, keras.models.load_model('${file}').export('saved'), ` +
        `then convert that: ${savedModel}`,
    ],
    [
      'cats.tflite',
      tflite,
      () =>
        'a TensorFlow Lite model, which has no gradients; convert the model that it was made from: ' +
        'https://www.tensorflow.org/js/guide/conversion',
    ],
    ['tflite-by-its-bytes', tflite, () => 'a TensorFlow Lite model'],
    [
      'converted_keras.zip',
      zip,
      (file) => `a zip archive; unpack it and give the folder: unzip ${file} -d unpacked`,
    ],
    ['zip-by-its-bytes', zip, () => 'a zip archive; '],
    [
      'frozen.pb',
      Buffer.from([]),
      (file) =>
        'a frozen graph of TensorFlow; convert it: tensorflowjs_converter ' +
        `--input_format=tf_frozen_model --output_node_names=NAME ${file} converted`,
    ],
    [
      'cats.onnx',
      Buffer.from([8]),
      (file) => `an ONNX model; convert it: onnx2tf -i ${file} -o saved, then ${savedModel}`,
    ],
    [
      'weights.bin',
      Buffer.from([1, 2, 3, 4]),
      () => 'a file of weights; give the model.json that belongs to it',
    ],
  ];

  test.each(cases)('%s', async (name, head, expected) => {
    const file = write(`files/${name}`, head);
    expect(await messageOf(file)).toContain(`${file}: ${expected(file)}`);
  });

  test('a folder with nothing else', async () => {
    const file = write('download/keras_model.h5', hdf5);
    write('download/labels.txt', '0 Cat\n1 Dog\n');
    expect(await messageOf(at('download'))).toContain(`${file}: a Keras model in HDF5; `);
  });

  test('the folder of a SavedModel, whose name a shell would take apart', async () => {
    const file = write("it's saved/saved_model.pb", '');
    expect(await messageOf(at("it's saved"))).toBe(
      `${file}: a SavedModel of TensorFlow; convert its folder: tensorflowjs_converter ` +
        String.raw`--input_format=tf_saved_model '${at("it'\\''s saved")}' converted`,
    );
  });
});

describe('layers that TensorFlow.js lacks', () => {
  beforeAll(() => tf.setBackend('cpu'));

  const model = (topology: object) => ({
    format: 'layers-model',
    modelTopology: topology,
    weightsManifest: [],
  });
  const dtype = { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' } };
  const keras3Input = {
    module: 'keras.layers',
    class_name: 'InputLayer',
    config: { batch_shape: [null, 3], dtype: 'float32', name: 'input_layer' },
    registered_name: null,
  };
  const save = `save it by model.export('saved') and convert that: ${savedModel}`;

  test('Keras 3, by its input and by its nodes', async () => {
    const ofInput = { class_name: 'Sequential', config: { name: 's', layers: [keras3Input] } };
    const node = {
      class_name: 'Dense',
      name: 'dense',
      config: { name: 'dense', units: 2, dtype },
      inbound_nodes: [{ args: [{ class_name: '__keras_tensor__' }], kwargs: {} }],
    };
    const ofNode = { class_name: 'Functional', config: { name: 'f', layers: [node] } };
    const nested = { class_name: 'Sequential', config: { name: 's', layers: [ofNode] } };
    for (const config of [ofInput, ofNode, nested]) {
      const topology = { keras_version: '3.5.0', backend: 'tensorflow', model_config: config };
      const file = write('keras3/model.json', model(topology));
      expect(await messageOf(file)).toBe(
        `${file}: a Keras 3 model, which TensorFlow.js reads as a graph; ${save}`,
      );
    }
  });

  test('the module and registered_name of Keras 2.13 are no reason', async () => {
    const input = { ...keras3Input, config: { batch_input_shape: [null, 3], name: 'input' } };
    const config = { name: 's', layers: [input, activation()] };
    write('keras2/model.json', model({ class_name: 'Sequential', config }));
    const loaded = await loadModel(at('keras2'));
    expect(loaded.inputs[0]!.shape).toEqual([null, 3]);
    loaded.dispose();
  });

  function activation() {
    return {
      module: 'keras.layers',
      class_name: 'Activation',
      config: { name: 'a', activation: 'relu' },
      registered_name: null,
    };
  }

  test.each(['Lambda', 'TFOpLambda'])('%s', async (name) => {
    const lambda = { class_name: name, config: { name: 'twice' } };
    const inner = { class_name: 'TimeDistributed', config: { name: 't', layer: lambda } };
    for (const layer of [lambda, inner]) {
      const topology = { class_name: 'Sequential', config: { name: 's', layers: [layer] } };
      const file = write('lambda/model.json', model(topology));
      expect(await messageOf(file)).toBe(
        `${file}: layer 'twice' is a ${name} layer, whose Python code TensorFlow.js lacks; ${save}`,
      );
    }
  });

  test('a Lambda layer that the application has registered is its own business', async () => {
    class Lambda extends tf.serialization.Serializable {
      static className = 'Lambda';
      getConfig = () => ({});
    }
    tf.serialization.registerClass(Lambda as never);
    const topology = {
      class_name: 'Sequential',
      config: { name: 's', layers: [{ class_name: 'Lambda', config: {} }] },
    };
    write('registered/model.json', model(topology));
    await expect(modelFolder(at('registered')).load!()).resolves.toHaveProperty('modelTopology');
    delete tf.serialization.SerializationMap.getMap().classNameMap['Lambda'];
  });

  test('a layer that nobody knows: all that tfjs says, on one line', async () => {
    const topology = {
      keras_version: '3.0.0',
      model_config: {
        class_name: 'Sequential',
        config: { name: 's', layers: [{ class_name: 'MyLayer', config: {} }] },
      },
    };
    const file = write('unknown/model.json', model(topology));
    const { message } = (await loadModel(file).catch((error: unknown) => error)) as FileError;
    expect(message).not.toContain('\n');
    const start = `${file}: TensorFlow.js cannot load it, which is made by Keras 3 (Unknown layer: MyLayer.`;
    expect(message.slice(0, start.length)).toBe(start);
    expect(message).toContain('registerClass()');
  });

  test('the architecture alone, as to_json writes it', async () => {
    const content = { class_name: 'Sequential', config: { layers: [] }, keras_version: '2.15.0' };
    const file = write('architecture/model.json', content);
    expect(await messageOf(file)).toBe(
      `${file}: a Keras architecture without weights; convert the saved model: ` +
        'tensorflowjs_converter --input_format=keras model.h5 converted',
    );
  });

  test('Bidirectional and TimeDistributed layers of TensorFlow.js itself load', async () => {
    const written = sequential({
      layers: [
        layers.timeDistributed({ layer: layers.dense({ units: 2 }), inputShape: [3, 2] }),
        layers.bidirectional({
          layer: layers.gru({ units: 2, recurrentInitializer: 'zeros' }),
          mergeMode: 'concat',
        }),
      ] as never,
    });
    await writeLayersModel(written, at('wrappers'));
    written.dispose();
    const loaded = await loadModel(at('wrappers'));
    expect(loaded.outputs[0]!.shape).toEqual([null, 4]);
    loaded.dispose();
  });
});

test.each(['Switch', 'Merge', 'Enter', 'While', 'StatelessIf', 'If', 'LoopCond'])(
  'a graph with %s',
  async (op) => {
    const node = [
      { name: 'x', op: 'Placeholder' },
      { name: 'a/b', op },
    ];
    const json = { format: 'graph-model', modelTopology: { node }, weightsManifest: [] };
    const file = write(`flow/${op}.json`, json);
    await expect(loadModel(file)).rejects.toThrow(
      new FileError(
        file,
        `a graph with control flow (${op}, at node 'a/b'), through which TensorFlow.js has no gradient; ` +
          'convert the classifier without it (https://www.tensorflow.org/js/guide/conversion), ' +
          'or load it by loadGraphModel(modelFolder(path)) and explain a node before it with the option output',
      ),
    );
    await expect(modelFolder(file).load!()).resolves.toHaveProperty('format', 'graph-model');
  },
);
