/** Writes the files that stdin describes (a JSON array of KerasFile) the way h5py and Keras do. */
import { text } from 'node:stream/consumers';
import { File, ready } from 'h5wasm/node';
import type { Group } from 'h5wasm/node';
import type { KerasFile, KerasLayer, KerasWeight } from './kerasFile.js';

(await ready).activate_throwing_error_handler();
for (const description of JSON.parse(await text(process.stdin)) as KerasFile[]) write(description);

function write({ file, format, group, layers, anonymous = false }: KerasFile): void {
  const root = new File(file, 'w', { libver: format === 'v108' ? ['earliest', 'v108'] : 'latest' });
  const parent = group === '/' ? root : root.create_group(group);
  if (!anonymous) writeNames(parent, 'layer_names', layers);
  for (const layer of layers) writeLayer(parent, layer);
  root.close();
}

function writeLayer(parent: Group, { name, weights, anonymous = false }: KerasLayer): void {
  const group = parent.create_group(name);
  if (!anonymous) writeNames(group, 'weight_names', weights);
  for (const weight of weights) writeWeight(group, weight);
}

function writeWeight(group: Group, { name, shape, type, bytes }: KerasWeight): void {
  if (bytes === undefined) return;
  const [subgroup] = name.split('/').slice(0, -1);
  if (subgroup !== undefined && group.get(subgroup) === null) group.create_group(subgroup);
  const { buffer } = new Uint8Array(Buffer.from(bytes, 'base64'));
  const data = type === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer);
  group.create_dataset({ name, data, shape });
}

/**
 * Fixed-length byte strings, padded with zeros; of an empty list numpy makes an empty array of
 * float64.
 */
function writeNames(group: Group, attribute: string, items: { name: string }[]): void {
  if (items.length === 0) {
    group.create_attribute(attribute, new Float64Array(0));
    return;
  }
  const names = items.map(({ name }) => name);
  group.create_attribute(
    attribute,
    names,
    null,
    `S${String(Math.max(...names.map((name) => name.length)))}`,
  );
}
