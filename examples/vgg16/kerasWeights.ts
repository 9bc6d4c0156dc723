import { dispose, tensor } from '@tensorflow/tfjs-core';
import type { layers, LayersModel } from '@tensorflow/tfjs-layers';
import { Dataset, Group } from 'h5wasm/node';
import { InputError } from '../shared/run.js';
import { withHdf5 } from './hdf5.js';

/** 100 kB of float32. */
const VALUES_AT_ONCE = 25_000;

type Layer = layers.Layer;

/**
 * Loads the weights of a Keras .h5 file (of `save_weights` or of a whole `save`) into the layers of
 * the same names.
 *
 * The file says in its attributes where a layer's weights are (`layer_names` of the root or of the
 * group `model_weights`, `weight_names` of each layer's group), so files of any version of Keras up
 * to 2 are read. Everything is checked before the first weight is read; then one weight at a time
 * is in memory.
 *
 * @throws InputError naming the file and, if it has one, the layer: no such file, not HDF5, cut
 * short, not of Keras, a layer missing or too many, a weight of another shape or not float32.
 */
export async function loadKerasWeights(model: LayersModel, file: string): Promise<void> {
  await withHdf5(file, (root) => {
    const stored = storedLayers(file, root);
    const weighted = model.layers.filter((layer) => layer.weights.length > 0);
    checkNames(file, weighted, stored);
    const pairs = weighted.map((layer) => ({ layer, datasets: stored.get(layer.name)! }));
    for (const { layer, datasets } of pairs) checkWeights(file, layer, datasets);
    for (const { layer, datasets } of pairs) setWeights(layer, datasets);
  });
}

/** The datasets of each layer that has weights, by the layer's name, in the file's order. */
function storedLayers(file: string, root: Group): Map<string, Dataset[]> {
  const nested = root.get('model_weights');
  const group = nested instanceof Group ? nested : root;
  const layerNames = names(group, 'layer_names');
  if (layerNames === undefined)
    throw new InputError(`${file}: not a weights file of Keras (no attribute 'layer_names')`);
  const stored = new Map<string, Dataset[]>();
  for (const name of layerNames) {
    const layer = group.get(name);
    const weightNames = layer instanceof Group ? names(layer, 'weight_names') : undefined;
    if (weightNames === undefined)
      throw new InputError(`${file}: layer '${name}' has no attribute 'weight_names'`);
    const datasets = weightNames.map((weight) => {
      const dataset = (layer as Group).get(weight);
      if (!(dataset instanceof Dataset))
        throw new InputError(`${file}: layer '${name}' lacks its weight '${weight}'`);
      return dataset;
    });
    if (datasets.length > 0) stored.set(name, datasets);
  }
  return stored;
}

function names(group: Group, attribute: string): string[] | undefined {
  const stored = group.attrs[attribute]?.value;
  // h5py stores an empty list as an array of numbers.
  return stored === undefined ? undefined : Array.from(stored as ArrayLike<string>);
}

function checkNames(file: string, weighted: Layer[], stored: Map<string, Dataset[]>): void {
  for (const { name } of weighted) {
    if (!stored.has(name))
      throw new InputError(`${file}: layer '${name}' is missing, there are ${list(stored.keys())}`);
  }
  for (const name of stored.keys()) {
    // VGG19's file has all of VGG16's layers in the right shapes, and is still another net.
    if (!weighted.some((layer) => layer.name === name)) {
      throw new InputError(`${file}: of another model, which has a layer '${name}'`);
    }
  }
}

function checkWeights(file: string, layer: Layer, datasets: Dataset[]): void {
  const expected = list(layer.weights.map(({ shape }) => shapeText(shape)));
  const found = list(datasets.map(({ shape }) => shapeText(shape)));
  if (found !== expected) {
    throw new InputError(
      `${file}: layer '${layer.name}' must have weights of shape ${expected}, found ${found}`,
    );
  }
  for (const { dtype, path } of datasets) {
    if (dtype !== '<f') {
      throw new InputError(
        `${file}: layer '${layer.name}' must have weights of type float32, found ${dtype} in ${path}`,
      );
    }
  }
}

function setWeights(layer: Layer, datasets: Dataset[]): void {
  const weights = datasets.map((dataset) => tensor(readValues(dataset), dataset.shape!, 'float32'));
  layer.setWeights(weights);
  dispose(weights);
}

/**
 * Reads some rows at a time: what is read at once passes through h5wasm's own memory, which never
 * shrinks again.
 */
function readValues(dataset: Dataset): Float32Array {
  const [rows = 1, ...rest] = dataset.shape!;
  const rowLength = rest.reduce((product, size) => product * size, 1);
  const rowsAtOnce = Math.max(1, Math.floor(VALUES_AT_ONCE / rowLength));
  const values = new Float32Array(rows * rowLength);
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const end = Math.min(row + rowsAtOnce, rows);
    values.set(dataset.slice([[row, end]]) as Float32Array, row * rowLength);
  }
  return values;
}

function shapeText(shape: readonly (number | null)[] | null): string {
  return `[${(shape ?? []).join(', ')}]`;
}

function list(items: Iterable<string>): string {
  return [...items].join(', ');
}
