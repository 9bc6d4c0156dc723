import type { io } from '@tensorflow/tfjs-core';

export type ModelKind = 'layers-model' | 'graph-model';

/**
 * Which kind of model a model.json holds, undefined if neither: by its `format`, which early
 * converters did not write: then by what the topology is made of.
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
