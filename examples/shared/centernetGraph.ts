/**
 * CenterNet, the object detector of the package @vladmandic/human, as a classifier: a graph model
 * from photos [n, side, side, 3] in 0..255 to the scores [n, 80] of everyday things.
 */
import type { io } from '@tensorflow/tfjs-core';
import { centernetLogits } from './centernetLogits.js';

/** A node of a graph model's topology, as far as it is read and written here. */
interface Node {
  readonly name: string;
  readonly op: string;
  input?: string[];
  attr?: object;
}

/** The JSON of the classifier, and its weights beside those in centernet.bin. */
export interface ClassifierGraph {
  readonly json: string;
  readonly sizes: Uint8Array;
}

/**
 * Makes the classifier for photos of `side` x `side` pixels, a multiple of 32.
 *
 * A class's score is the greatest that the detector gives it at any place: a mean over places would
 * light up the other things on the plate as well. The detector is convolutional: for another side,
 * only the sizes that it upsamples to are others. A quarter of the pixels takes a quarter of the
 * time.
 *
 * @param detectorJson - centernet.json of the package
 */
export function centernetGraph(detectorJson: string, side: number): ClassifierGraph {
  const detector = JSON.parse(detectorJson) as io.ModelJSON;
  const nodes = (detector.modelTopology as { node: Node[] }).node;
  const constants: io.WeightsManifestEntry[] = [];
  const values: number[] = [];
  const constant = (name: string, ...value: number[]): string => {
    nodes.push({ name, op: 'Const', attr: { dtype: { type: 'DT_INT32' } } });
    constants.push({ name, shape: [value.length], dtype: 'int32' });
    values.push(...value);
    return name;
  };

  const photos = nodes.find(({ op }) => op === 'Placeholder')!;
  const shape = { dim: [-1, side, side, 3].map((size) => ({ size: String(size) })) };
  photos.attr = { shape: { shape }, dtype: { type: 'DT_FLOAT' } };
  for (const [i, resize] of nodes.filter(({ op }) => op === 'ResizeBilinear').entries()) {
    const size = (side / 16) * 2 ** i;
    resize.input = [resize.input![0]!, constant(`size_${i}`, size, size)];
  }
  const type = { type: 'DT_FLOAT' };
  nodes.push(
    {
      name: 'logits',
      op: 'Max',
      input: [centernetLogits, constant('places', 1, 2)],
      attr: { T: type, keep_dims: { b: false } },
    },
    { name: 'scores', op: 'Sigmoid', input: ['logits'], attr: { T: type } },
  );

  const classifier: io.ModelJSON = {
    ...detector,
    modelTopology: { ...detector.modelTopology, node: ancestorsOf('scores', nodes) },
    weightsManifest: [
      ...detector.weightsManifest,
      { paths: [sizesFile(side)], weights: constants },
    ],
    signature: {
      inputs: { photos: { name: photos.name, dtype: 'DT_FLOAT', tensorShape: shape } },
      outputs: { scores: { name: 'scores', dtype: 'DT_FLOAT' } },
    },
  };
  return {
    json: JSON.stringify(classifier),
    sizes: new Uint8Array(Int32Array.from(values).buffer),
  };
}

/** The name of the file with the weights beside those in centernet.bin. */
export function sizesFile(side: number): string {
  return `sizes-${side}.bin`;
}

/** The nodes that a node depends on, and itself: the boxes of a detector are no classifier's. */
function ancestorsOf(name: string, nodes: readonly Node[]): Node[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const wanted = new Set<string>();
  const visit = (reference: string): void => {
    const found = reference.replace(/^\^|:\d+$/g, '');
    if (wanted.has(found)) return;
    wanted.add(found);
    byName.get(found)?.input?.forEach(visit);
  };
  visit(name);
  return nodes.filter((node) => wanted.has(node.name));
}
