/** The final softmax or sigmoid of a model, of whatever kind the model is: the record of its kernels shows it. */
import { reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { RuledCall } from '../gradient/recordedCall.js';
import type { RecordedCall } from '../gradient/recordedCall.js';
import type { Record } from '../gradient/record.js';
import type { Seed } from '../gradient/walk.js';

export interface Head {
  readonly kind: 'softmax' | 'sigmoid';
  /** A walk that begins at the logits with the given gradient [n, k]. */
  seed(gradient: Tensor): Seed;
}

/** What may follow the head without changing a number or its place: reshape, squeeze, expandDims, identity, a float cast. */
const KEEPS_NUMBERS = new Set(['Reshape', 'ExpandDims', 'Identity', 'Cast']);

export function findHead(record: Record): Head | undefined {
  const makerOf = (id: number): RecordedCall | undefined =>
    record.calls.find((call) => call.outputs.some((output) => output.id === id));
  let call = makerOf(record.outputId);
  while (call !== undefined && KEEPS_NUMBERS.has(call.kernel)) {
    call = makerOf([...call.inputs.values()][0]!.id);
  }
  if (call === undefined) return undefined;
  const [input] = [...call.inputs.values()];
  const atInput = (kind: Head['kind']): Head => ({
    kind,
    seed: (gradient) => ({ tensorId: input!.id, gradient: reshape(gradient, input!.shape) }),
  });
  if (call.kernel === 'Softmax') return atInput('softmax');
  if (call.kernel === 'Sigmoid') return atInput('sigmoid');
  if (call instanceof RuledCall && call.attrs['activation'] === 'sigmoid') return fusedSigmoid(call);
  return undefined;
}

/** The logit of a fused op's sigmoid is no tensor of the record: the walk begins at the output, past the activation. */
function fusedSigmoid(call: RuledCall): Head {
  const [output] = call.outputs;
  return {
    kind: 'sigmoid',
    seed: (gradient) => {
      call.skipActivation();
      return { tensorId: output!.id, gradient: reshape(gradient, output!.shape) };
    },
  };
}
