/** Formats of models that TensorFlow.js does not load, and how to convert them. */
import path from 'node:path';
import { FileError } from './fileError.js';

interface Format {
  readonly what: string;
  /** How such files end. */
  readonly ends: readonly string[];
  /** The bytes they begin with, from `offset` on. */
  readonly magic?: { readonly offset: number; readonly bytes: string };
  readonly wayOut: (file: string) => string;
}

/** The first that fits counts: a .keras file is a zip archive too. */
const FORMATS: readonly Format[] = [
  {
    what: 'a SavedModel of TensorFlow',
    ends: ['saved_model.pb'],
    wayOut: (file) => `convert its folder: ${converter('tf_saved_model', path.dirname(file))}`,
  },
  {
    what: 'a frozen graph of TensorFlow',
    ends: ['.pb'],
    wayOut: (file) => `convert it: ${converter('tf_frozen_model --output_node_names=NAME', file)}`,
  },
  {
    what: 'a Keras 3 model',
    ends: ['.keras'],
    wayOut: (file) =>
      `in Python, keras.models.load_model('${file}').export('saved'), ` +
      `then convert that: ${converter('tf_saved_model', 'saved')}`,
  },
  {
    what: 'a Keras model in HDF5',
    ends: ['.h5', '.hdf5'],
    magic: { offset: 0, bytes: '\x89HDF' },
    wayOut: (file) => `convert it: pip install tensorflowjs, then ${converter('keras', file)}`,
  },
  {
    what: 'a TensorFlow Lite model, which has no gradients',
    ends: ['.tflite'],
    magic: { offset: 4, bytes: 'TFL3' },
    wayOut: () =>
      'convert the model that it was made from: https://www.tensorflow.org/js/guide/conversion',
  },
  {
    what: 'an ONNX model',
    ends: ['.onnx'],
    wayOut: (file) =>
      `convert it: onnx2tf -i ${shell(file)} -o saved, then ${converter('tf_saved_model', 'saved')}`,
  },
  {
    what: 'a file of weights',
    ends: ['.bin'],
    wayOut: () => 'give the model.json that belongs to it',
  },
  {
    what: 'a zip archive',
    ends: ['.zip'],
    magic: { offset: 0, bytes: 'PK\x03\x04' },
    wayOut: (file) => `unpack it and give the folder: unzip ${shell(file)} -d unpacked`,
  },
];

/** The command that converts a model of another format into the folder `converted`. */
export function converter(format: string, file: string): string {
  return `tensorflowjs_converter --input_format=${format} ${shell(file)} converted`;
}

/**
 * Makes the error of a file in a format of other frameworks; undefined if its name and its first
 * bytes are of none.
 */
export function otherFormat(
  file: string,
  head: Uint8Array = new Uint8Array(),
): FileError | undefined {
  const name = path.basename(file).toLowerCase();
  const format = FORMATS.find(
    ({ ends, magic }) => ends.some((end) => name.endsWith(end)) || startsWith(head, magic),
  );
  return format && new FileError(file, `${format.what}; ${format.wayOut(file)}`);
}

function startsWith(head: Uint8Array, magic: Format['magic']): boolean {
  if (magic === undefined) return false;
  const { offset, bytes } = magic;
  return Buffer.from(head).toString('latin1', offset, offset + bytes.length) === bytes;
}

/** Quotes a path where a shell would take it apart. */
function shell(file: string): string {
  return /^[\w./:@+\\-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`;
}
