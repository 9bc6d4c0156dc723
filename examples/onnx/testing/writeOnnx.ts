/** Writes a small ONNX classifier: just enough of protobuf for tests. */

type Field = readonly [number: number, value: number | string | Uint8Array];

/** A message of fields: numbers as varints, text and bytes with their length. */
function message(...fields: readonly Field[]): Uint8Array {
  const parts = fields.flatMap(([number, value]) => {
    if (typeof value === 'number') return [...varint(number << 3), ...varint(value)];
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes];
  });
  return Uint8Array.from(parts);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

const FLOAT = 1;

const tensor = (name: string, shape: readonly number[], values: readonly number[]): Uint8Array =>
  message(
    ...shape.map((length): Field => [1, length]),
    [2, FLOAT],
    [8, name],
    [9, new Uint8Array(Float32Array.from(values).buffer)],
  );

/** @param shape a name for any length */
const valueInfo = (name: string, shape: readonly (number | string)[]): Uint8Array => {
  const dimensions = shape.map((length): Field => [
    1,
    typeof length === 'string' ? message([2, length]) : message([1, length]),
  ]);
  const type = message([1, FLOAT], [2, message(...dimensions)]);
  return message([1, name], [2, message([1, type])]);
};

const node = (
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, readonly number[]>> = {},
): Uint8Array =>
  message(
    ...inputs.map((input): Field => [1, input]),
    [2, output],
    [4, operator],
    ...Object.entries(attributes).map(([name, ints]): Field => [
      5,
      message([1, name], ...ints.map((int): Field => [8, int]), [20, 7]),
    ]),
  );

export interface Weights {
  /** [features, channels, 3, 3] */
  readonly filter: readonly number[];
  /** [features, classes] */
  readonly dense: readonly number[];
  readonly channels: number;
  readonly features: number;
  readonly classes: number;
}

/** Writes convolution, ReLU, global average pooling, dense and softmax: [n, c, size, size] -> [n, k]. */
export function onnxModel(weights: Weights, size: number): Uint8Array {
  const { filter, dense, channels, features, classes } = weights;
  const graph = message(
    [1, node('Conv', ['image', 'filter'], 'convolved', { pads: [1, 1, 1, 1] })],
    [1, node('Relu', ['convolved'], 'rectified')],
    [1, node('GlobalAveragePool', ['rectified'], 'pooled')],
    [1, node('Flatten', ['pooled'], 'features')],
    [1, node('MatMul', ['features', 'dense'], 'logits')],
    [1, node('Softmax', ['logits'], 'probabilities')],
    [2, 'classifier'],
    [5, tensor('filter', [features, channels, 3, 3], filter)],
    [5, tensor('dense', [features, classes], dense)],
    [11, valueInfo('image', ['n', channels, size, size])],
    [12, valueInfo('probabilities', ['n', classes])],
  );
  return message([1, 8], [7, graph], [8, message([1, ''], [2, 13])]);
}
