/** The layers of a model that have weights, found in a forward pass, so of any kind of model. */
import type { DataId, Tensor } from '@tensorflow/tfjs-core';
import type { HookedKernel } from '../gradient/kernelHook.js';
import { recordForward } from '../gradient/recordForward.js';
import type { Model, PredictModel } from '../model/model.js';
import { runModel } from '../model/runModel.js';
import type { OutputChoice } from '../model/runModel.js';
import { switchableModel } from './switchableModel.js';

/** A layer: a kernel with weights, and the scales and offsets that follow it. */
export interface WeightLayer {
  /** That of its weights, or of its kernel with a number. */
  readonly name: string;
  readonly weights: readonly Weight[];
}

export interface Weight {
  /**
   * Its data, where that is the same in each pass; else `kernel number, input's name`, for weights
   * that the model computes in each pass.
   */
  readonly key: DataId | string;
  /** Weights of one group are permuted alike: the four of a batch normalisation. */
  readonly group: number;
}

/** Kernels that begin a layer. */
const LAYER = /Conv2D|Conv3D|DepthwiseConv2dNative|MatMul|Einsum/;
/** Kernels whose constants are weights. */
const WEIGHTED = /^(FusedBatchNorm|Add|AddV2|BiasAdd|Sub|Multiply|RealDiv|Prelu)$/;

export const indexKey = (index: number, name: string): string => `${index} ${name}`;

/**
 * Lists the layers in the order of the forward pass.
 * @param input [1, ...]
 */
export function weightLayers(model: Model, input: Tensor, output: OutputChoice): WeightLayer[] {
  const [first, second] = [constantsIn(model, input, output), constantsIn(model, input, output)];
  const lasting = new Set(second.map(({ dataId }) => dataId));
  const names = weightNames(model);
  const layers: { name: string; weights: Weight[] }[] = [];
  const seen = new Set<DataId>();
  first.forEach(({ kernel, index, input: name, dataId }) => {
    if (seen.has(dataId)) return;
    seen.add(dataId);
    const isNewLayer = LAYER.test(kernel) && layers.at(-1)?.weights.at(-1)?.group !== index;
    if (isNewLayer) {
      layers.push({ name: names.get(dataId) ?? `${kernel}_${layers.length}`, weights: [] });
    }
    // Constants before the first layer scale the image.
    const key = lasting.has(dataId) ? dataId : indexKey(index, name);
    layers.at(-1)?.weights.push({ key, group: index });
  });
  return layers;
}

interface Constant {
  readonly kernel: string;
  readonly index: number;
  readonly input: string;
  readonly dataId: DataId;
}

/** Finds what kernels take besides what depends on the model's input. */
function constantsIn(model: Model, input: Tensor, output: OutputChoice): Constant[] {
  const kernels: (Pick<HookedKernel, 'kernel' | 'index'> & { inputs: [string, Operand][] })[] = [];
  const switchable = switchableModel(model);
  switchable.hook = {
    inputs({ kernel, index, inputs }) {
      const present = Object.entries(inputs).filter(([, tensor]) => tensor != null);
      kernels.push({ kernel, index, inputs: present.map(([name, x]) => [name, operandOf(x)]) });
      return undefined;
    },
  };
  const tape = recordForward((x) => runModel(switchable.model, x, output), input, {
    recordConstant: true,
  });
  const outputs = tape.calls.flatMap((call) => call.outputs.map(({ id }) => id));
  const dependent = new Set([tape.input.id, ...outputs]);
  tape.dispose();
  return kernels.flatMap(({ kernel, index, inputs }) => {
    const depends = inputs.some(([, { id }]) => dependent.has(id));
    if (!depends || !(LAYER.test(kernel) || WEIGHTED.test(kernel))) return [];
    return inputs
      .filter(([, { id, size, isFloat }]) => !dependent.has(id) && isFloat && size > 1)
      .map(([name, { dataId }]) => ({ kernel, index, input: name, dataId }));
  });
}

interface Operand {
  readonly id: number;
  readonly dataId: DataId;
  readonly size: number;
  readonly isFloat: boolean;
}

const operandOf = ({ id, dataId, size, dtype }: Tensor): Operand => ({
  id,
  dataId,
  size,
  isFloat: dtype === 'float32',
});

/** Names weights by their data, as LayersModel (a list) and GraphModel (by name) know them. */
function weightNames(model: Model): Map<DataId, string> {
  const { weights } = model as PredictModel;
  const named: [string, unknown][] = Array.isArray(weights)
    ? weights.map((weight: { name: string; read?(): Tensor }) => [weight.name, weight.read?.()])
    : Object.entries(weights ?? {}).map(([name, tensors]) => [name, [tensors].flat()[0]]);
  return new Map(
    named.flatMap(([name, tensor]) => {
      const { dataId } = (tensor ?? {}) as Partial<Tensor>;
      return dataId === undefined ? [] : [[dataId, shortened(name)]];
    }),
  );
}

/** Leaves out what TensorFlow's converter adds to the names of graphs. */
const shortened = (name: string): string =>
  name.replace(/^StatefulPartitionedCall\//, '').replace(/\/ReadVariableOp$/, '');
