/**
 * What one sample of SmoothGrad asks of a backend, beside a forward pass: kernels dispatched, bytes
 * uploaded, and reads back, each of which waits for a GPU.
 */
import { engine, randomNormal, setBackend } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { smoothGrad } from 'tfjs-saliency';
import { ARCHITECTURES } from '../../test/networks/architectures/index.js';
import { graphModel } from '../../test/model/graph.js';
import { asGraph } from '../../test/networks/graphBuilder.js';
import { foldBatchNorms } from './foldBatchNorms.js';
import { weightsOf } from '../../test/networks/functionBuilder.js';
import { CLASS } from './job.js';
import type { Backend } from './job.js';

export interface Dispatches {
  /** How often each kernel was dispatched. */
  readonly kernels: Readonly<Record<string, number>>;
  readonly uploadedBytes: number;
  readonly reads: number;
}

export interface DispatchResult {
  readonly forward: Dispatches;
  readonly sample: Dispatches;
}

/** The parts of the GPU backends that are watched. */
interface Watched {
  readonly gpgpu?: { executeProgram(): void };
  recordAndSubmit?(...args: unknown[]): void;
  uploadToGPU?(dataId: object): void;
  read(dataId: object): Promise<unknown>;
  readSync(dataId: object): unknown;
  readonly texData?: DataMap;
  readonly tensorMap?: DataMap;
}
interface DataMap {
  get(dataId: object): {
    readonly values?: ArrayBufferView | null;
    readonly texture?: object | null;
    readonly resource?: object | null;
  };
}

/** Kernels that only give a tensor another shape or name. */
const FREE = ['Reshape', 'Identity', 'ExpandDims', 'Complex', 'Real', 'Imag'];

/** Of the tests' graph model, as narrow as it is, which changes no count. */
export async function countDispatches(name: string, backend: Backend): Promise<DispatchResult> {
  if (!(await setBackend(backend))) throw new Error(`no backend ${backend} here`);
  const architecture = ARCHITECTURES.find((each) => each.name === name)!;
  const model = graphModel(foldBatchNorms(asGraph(architecture, weightsOf(architecture))));
  const { size } = architecture;
  const x = randomNormal([1, size, size, 3], 0, 1, 'float32', 1);
  const forward = (): Tensor => model.predict(x) as Tensor;
  const smooth = (samples: number) => (): Tensor =>
    smoothGrad(model, x, CLASS, { samples, seed: 1, batchSize: 1 });
  // The first passes upload the weights, and make what samples share.
  forward().dispose();
  smooth(4)().dispose();
  const [few, many] = [watch(smooth(4)), watch(smooth(6))];
  return { forward: watch(forward), sample: half(many, few) };
}

/** What two samples more have asked for, divided by two. */
function half(many: Dispatches, few: Dispatches): Dispatches {
  const kernels = Object.keys(many.kernels).map((kernel) => {
    return [kernel, (many.kernels[kernel]! - (few.kernels[kernel] ?? 0)) / 2] as const;
  });
  return {
    kernels: Object.fromEntries(kernels.filter(([, count]) => count !== 0)),
    uploadedBytes: (many.uploadedBytes - few.uploadedBytes) / 2,
    reads: (many.reads - few.reads) / 2,
  };
}

function watch(run: () => Tensor): Dispatches {
  const kernels: Record<string, number> = {};
  let [uploadedBytes, reads] = [0, 0];
  const backend = engine().backend as unknown as Watched;
  const isGpu = backend.uploadToGPU !== undefined;
  let current = 'own program';
  const dispatched = (): void => {
    kernels[current] = (kernels[current] ?? 0) + 1;
  };
  const dataOf = (dataId: object) => (backend.texData ?? backend.tensorMap)!.get(dataId);
  const restore = [
    before(backend.gpgpu, 'executeProgram', dispatched),
    before(backend.gpgpu === undefined ? backend : undefined, 'recordAndSubmit', dispatched),
    before(backend, 'uploadToGPU', (dataId) => {
      const { values, texture, resource } = dataOf(dataId as object);
      if (!texture && !resource) uploadedBytes += values?.byteLength ?? 0;
    }),
    ...(['read', 'readSync'] as const).map((name) =>
      before(isGpu ? backend : undefined, name, (dataId) => {
        if (!dataOf(dataId as object).values) reads++;
      }),
    ),
  ];
  const target = engine();
  const runKernel = target.runKernel.bind(target);
  target.runKernel = <T extends Tensor | Tensor[]>(
    kernel: string,
    inputs: NamedTensorMap,
    attrs?: NamedAttrMap,
  ) => {
    const outer = current;
    current = kernel;
    if (!isGpu && !FREE.includes(kernel)) dispatched();
    try {
      return runKernel<T>(kernel, inputs, attrs);
    } finally {
      current = outer;
    }
  };
  try {
    run().dispose();
  } finally {
    Reflect.deleteProperty(target, 'runKernel');
    restore.forEach((each) => {
      each();
    });
  }
  return { kernels, uploadedBytes, reads };
}

/** Calls `tell` before each call of a method, where there is one; returns what ends that. */
function before(
  target: object | undefined,
  name: string,
  tell: (...args: unknown[]) => void,
): () => void {
  const methods = target as Record<string, (...args: unknown[]) => unknown> | undefined;
  const method = methods?.[name];
  if (methods === undefined || method === undefined) return () => undefined;
  methods[name] = (...args) => {
    tell(...args);
    return method.apply(methods, args);
  };
  return () => Reflect.deleteProperty(methods, name);
}
