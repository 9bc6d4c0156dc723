/**
 * The layer that a CAM looks at by default: the features that the head reads. "The last
 * convolution" would be a 1 x 1 map of classes on MobileNetV1, and inside the residual branch on
 * ResNet50.
 */
import { toBeNamed } from '../inFunction.js';
import type { Operand } from '../gradient/rule.js';
import type { Tape } from '../gradient/tape.js';
import { gridsOf } from './spatial.js';
import type { GridOf } from './spatial.js';
import { findTokens } from './tokens.js';

/**
 * Finds the last spatial tensor on the way back from the score, before pooling. Of a vision
 * transformer it is what the last attention reads: after it, no patch but the head's token counts.
 * @throws RangeError if the model has none
 */
export function defaultLayer(tape: Tape): Operand {
  const gridOf = gridsOf(tape);
  const read = findTokens(tape)?.attended ?? featuresOf(tape, gridOf);
  if (read === undefined) {
    throw toBeNamed(
      new RangeError(
        'layer must be given: the model has no layer whose output has places, [n, h, w, c]',
      ),
    );
  }
  const features = beforeClassifier(tape, beforePooling(tape, read, gridOf));
  return gridOf(features) === undefined ? read : beforePooling(tape, features, gridOf);
}

/** Finds the last spatial tensor, or the bottleneck of its size if the ways back part before. */
function featuresOf(tape: Tape, gridOf: GridOf): Operand | undefined {
  const last = lastSpatial(tape, gridOf);
  const bottleneck = last && lastBottleneck(tape, gridOf);
  const isOfItsSize = bottleneck && String(gridOf(bottleneck)) === String(gridOf(last));
  return isOfItsSize ? bottleneck : last;
}

/** Finds the last spatial tensor that all ways back from the score go through. */
function lastBottleneck(tape: Tape, gridOf: GridOf): Operand | undefined {
  const open = new Set([tape.outputId]);
  for (const call of [...tape.calls].reverse()) {
    const needed = call.outputs.filter(({ id }) => open.has(id));
    if (needed.length === 0) continue;
    if (open.size === 1 && gridOf(needed[0]!) !== undefined) return needed[0];
    for (const { id } of needed) open.delete(id);
    for (const input of call.inputs.values()) if (input.dependsOnInput) open.add(input.id);
  }
  return undefined;
}

/** Finds the last of the spatial tensors that are met first on the ways back. */
function lastSpatial(tape: Tape, gridOf: GridOf): Operand | undefined {
  const found: Operand[] = [];
  const seen = new Set<number>();
  const visit = (id: number): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const call = tape.makerOf(id);
    const output = call?.outputs.find((operand) => operand.id === id);
    if (call === undefined || output === undefined) return;
    if (gridOf(output) !== undefined) {
      found.push(output);
      return;
    }
    for (const input of call.inputs.values()) if (input.dependsOnInput) visit(input.id);
  };
  visit(tape.outputId);
  const order = tape.calls.flatMap(({ outputs }) => outputs.map(({ id }) => id));
  return found.sort((a, b) => order.indexOf(b.id) - order.indexOf(a.id))[0];
}

/** Steps back over pooling, as papers do on VGG16 (14 x 14), and over padding. */
function beforePooling(tape: Tape, output: Operand, gridOf: GridOf): Operand {
  const call = tape.makerOf(output.id)!;
  const x = call.inputs.get('x');
  if (x === undefined || !/^((Max|Avg)Pool|Pad|PadV2|MirrorPad)$/.test(call.kernel)) return output;
  // The input of the model is no layer.
  if (tape.makerOf(x.id) === undefined || gridOf(x) === undefined) return output;
  return beforePooling(tape, x, gridOf);
}

/** Steps back over a linear convolution to as many channels as classes: it is of the head. */
function beforeClassifier(tape: Tape, output: Operand): Operand {
  const { kernel, attrs, inputs } = tape.makerOf(output.id)!;
  const { activation } = attrs as { activation?: string | null };
  const x = inputs.get('x');
  const isLinear = activation == null || activation === 'linear';
  const isClassifier = /^(Fused)?Conv2D$/.test(kernel) && isLinear;
  if (x === undefined || !isClassifier) return output;
  // The input of the model is no layer.
  const isFirst = tape.makerOf(x.id) === undefined;
  return isFirst || output.shape.at(-1) !== tape.output.shape.at(-1) ? output : x;
}
