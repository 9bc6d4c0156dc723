/** The weights of a model. */
import { util } from '@tensorflow/tfjs-core';
import type { io } from '@tensorflow/tfjs-core';
import { FileError } from './fileError.js';
import type { ModelFiles } from './modelFiles.js';

/** Bytes of one number as a weights file stores it; a string has no such size. */
const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/**
 * Reads all weights, in the order of the manifest.
 * @throws FileError if files are missing or cut.
 */
export async function readWeights(
  files: ModelFiles,
  manifest: io.WeightsManifestConfig,
): Promise<ArrayBuffer[]> {
  const shards: ArrayBuffer[] = [];
  for (const { paths, weights } of manifest) {
    const locations = await Promise.all(paths.map((name) => files.locate(name)));
    const group = await Promise.all(locations.map((location) => files.read(location)));
    const expected = byteSize(weights);
    const found = group.reduce((sum, { byteLength }) => sum + byteLength, 0);
    // A string's length stands in the file itself.
    if (!Number.isNaN(expected) && found !== expected) {
      const reason = `must hold ${expected} bytes of weights, found ${found}`;
      throw new FileError(locations.join(', '), reason);
    }
    shards.push(...group);
  }
  return shards;
}

/** NaN if there are weights of unknown size. */
function byteSize(weights: readonly io.WeightsManifestEntry[]): number {
  return weights
    .map(
      ({ shape, dtype, quantization }) =>
        util.sizeFromShape(shape) * (BYTES[quantization?.dtype ?? dtype] ?? NaN),
    )
    .reduce((sum, bytes) => sum + bytes, 0);
}
