/** What a layers model may hold that TensorFlow.js cannot load. */
import { serialization } from '@tensorflow/tfjs-core';
import { FileError } from './fileError.js';
import { converter } from './otherFormats.js';

/** A layer as Keras writes it down; models are layers of layers. */
interface LayerConfig {
  readonly class_name?: string;
  readonly name?: string;
  readonly config?: Record<string, unknown>;
  readonly inbound_nodes?: unknown;
}

const EXPORT =
  "save it by model.export('saved') and convert that: " + converter('tf_saved_model', 'saved');

/** @throws FileError for Keras 3, and for layers made of Python code. */
export function checkLayers(file: string, topology: object): void {
  const { model_config: root = topology } = topology as { model_config?: object };
  for (const layer of layersOf(root)) {
    if (isOfKeras3(layer))
      throw new FileError(file, `a Keras 3 model, which TensorFlow.js reads as a graph; ${EXPORT}`);
    const { class_name: className = '' } = layer;
    if (/Lambda$/.test(className) && !isRegistered(className)) {
      const name = layer.name ?? layer.config?.name;
      const which = typeof name === 'string' ? `layer '${name}' is` : 'it has';
      throw new FileError(
        file,
        `${which} a ${className} layer, whose Python code TensorFlow.js lacks; ${EXPORT}`,
      );
    }
  }
}

/** Tells by the version that the converter notes; many such models load all the same. */
export function wasMadeByKeras3(topology: unknown): boolean {
  const { keras_version: version } = topology as { keras_version?: unknown };
  return typeof version === 'string' && version.startsWith('3');
}

/** Walks through the layers, those of models within models too. */
function* layersOf(config: unknown): Generator<LayerConfig> {
  if (typeof config !== 'object' || config === null) return;
  const layer = config as LayerConfig;
  if (typeof layer.class_name === 'string') yield layer;
  // Keras once wrote a Sequential's layers in the place of its config.
  const layers = Array.isArray(layer.config) ? layer.config : layer.config?.layers;
  if (Array.isArray(layers)) for (const inner of layers) yield* layersOf(inner);
  yield* layersOf(layer.config?.layer); // of wrappers, such as TimeDistributed
}

/**
 * Keras 3 renamed an input's shape and writes nodes as objects, both of which end the loading; the
 * `module` and `registered_name` of each layer are harmless, and Keras 2.13 wrote them too.
 */
function isOfKeras3({ config = {}, inbound_nodes: nodes }: LayerConfig): boolean {
  if ('batch_shape' in config && !('batch_input_shape' in config)) return true;
  return Array.isArray(nodes) && nodes.some((node) => !Array.isArray(node));
}

/** An application may have registered a layer of its own under that name. */
function isRegistered(className: string): boolean {
  return className in serialization.SerializationMap.getMap().classNameMap;
}
