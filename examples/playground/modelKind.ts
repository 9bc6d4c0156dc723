/** What a model.json tells of its model before that is loaded. */
import type { io } from '@tensorflow/tfjs-core';

export type ModelKind = 'layers-model' | 'graph-model';

/**
 * Tells which kind of model a model.json holds, undefined if neither.
 *
 * By its `format`, which early converters did not write: then by what the topology is made of.
 */
export function kindOf(json: Partial<io.ModelJSON> | null): ModelKind | undefined {
  const topology = json?.modelTopology as Record<string, unknown> | null | undefined;
  if (typeof topology !== 'object' || topology === null) return undefined;
  const { format } = json!;
  if (format === 'layers-model' || format === 'graph-model') return format;
  if (format != null) return undefined;
  if ('node' in topology) return 'graph-model';
  return 'model_config' in topology || 'class_name' in topology ? 'layers-model' : undefined;
}

type Shape = readonly (number | null)[];

/** Finds the shape [n, h, w, c] of a model's first input; unknown sizes are null or -1. */
export function inputShapeOf(json: Partial<io.ModelJSON>): Shape | undefined {
  const { modelTopology: topology } = json as { modelTopology: { node?: GraphNode[] } };
  if (topology.node === undefined) return shapeInLayers(topology);
  const placeholder = topology.node.find(({ op }) => op === 'Placeholder');
  return placeholder?.attr?.shape?.shape?.dim?.map(({ size }) => Number(size));
}

interface GraphNode {
  readonly op: string;
  readonly attr?: { shape?: { shape?: { dim?: { size: string | number }[] } } };
}

/** Searches depth first: layers may be models themselves. */
function shapeInLayers(part: unknown): Shape | undefined {
  if (typeof part !== 'object' || part === null) return undefined;
  const { batch_input_shape: shape } = part as { batch_input_shape?: Shape };
  if (shape !== undefined) return shape;
  for (const value of Object.values(part)) {
    const found = shapeInLayers(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
