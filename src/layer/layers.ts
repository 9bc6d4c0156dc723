/** The layers of a tape that a map can be made of: those whose output still has places. */
import { closestTo, outOfRange, wrongType } from '../checks.js';
import type { Operand } from '../gradient/rule.js';
import type { Tape } from '../gradient/tape.js';
import { LayerProbe } from './layerProbe.js';
import { defaultLayer } from './defaultLayer.js';
import { gridsOf } from './spatial.js';
import type { Grid } from './spatial.js';

/**
 * Which layer: a LayersModel's layer name, a graph's node name, a name that `layers()` lists, or a
 * negative number, the k-th from the end of `layers()`.
 */
export type LayerName = string | number;

/** A layer, or several. */
export type LayerChoice = LayerName | readonly LayerName[];

export function checkLayer(argument: string, layer: unknown): asserts layer is LayerChoice {
  const expected = "a layer's name, a negative number or an array of these";
  const names: readonly unknown[] = Array.isArray(layer) ? layer : [layer];
  for (const name of names) {
    if (typeof name === 'string') continue;
    if (typeof name !== 'number') throw wrongType(argument, expected, layer);
    if (!Number.isInteger(name) || name >= 0) throw outOfRange(argument, expected, layer);
  }
  if (names.length === 0) throw outOfRange(argument, expected, layer);
}

/** A layer that methods such as Grad-CAM can look at. */
export interface Layer {
  readonly name: string;
  /** The tfjs kernel that computes its output. */
  readonly kernel: string;
  /** Of its output for one input, [h, w, c]. */
  readonly shape: readonly number[];
}

/** Makes a probe of the chosen layers: of a graph, as few nodes as it takes. */
export function probeFor(choice: LayerChoice | undefined): LayerProbe {
  const names = (choice === undefined ? [] : [choice]).flat() as readonly LayerName[];
  const isCounted = names.some((name) => typeof name === 'number');
  return new LayerProbe(isCounted ? undefined : names.filter((name) => typeof name === 'string'));
}

interface Candidate extends Layer {
  readonly id: number;
}

/** These move numbers without computing any. */
const LAYOUT =
  /^(Reshape|Transpose|Pad|PadV2|MirrorPad|Slice|StridedSlice|Cast|Identity|ExpandDims)$/;

/**
 * Lists the layers of a tape, in the order of the forward pass.
 * @param ids of the tensors that the model's layers returned, by the layers' names
 */
export function candidatesOf(tape: Tape, ids: ReadonlyMap<string, number>): Candidate[] {
  const names = namesOf(tape, ids);
  const gridOf = gridsOf(tape);
  return tape.calls.flatMap(({ kernel, outputs }, i) => {
    const [output] = outputs;
    const grid = output && gridOf(output);
    if (output === undefined || grid === undefined || LAYOUT.test(kernel)) return [];
    const name = names.get(output.id) ?? `${kernel}_${i}`;
    return [{ id: output.id, name, kernel, shape: [...grid, output.shape.at(-1)!] }];
  });
}

/** Maps the tensors that layers computed, behind reshapes to the same shape, to their names. */
function namesOf(tape: Tape, ids: ReadonlyMap<string, number>): Map<number, string> {
  const names = new Map<number, string>();
  for (const [name, id] of ids) {
    const computed = behindReshapes(tape, id);
    if (!names.has(computed)) names.set(computed, name);
  }
  return names;
}

function behindReshapes(tape: Tape, id: number): number {
  const call = tape.makerOf(id);
  const x = call?.inputs.get('x');
  const isSame = x !== undefined && x.shape.join() === call?.outputs[0]?.shape.join();
  return isSame && /^(Reshape|Identity)$/.test(call!.kernel) ? behindReshapes(tape, x.id) : id;
}

/** A layer's output, and where it has its places. */
export interface ChosenLayer {
  readonly output: Operand;
  readonly grid: Grid;
}

/**
 * Finds the tensors of the layers that were chosen.
 * @param choice undefined for what the head reads
 * @throws RangeError for a layer that there is not, or that has no places
 */
export function chosenLayers(
  tape: Tape,
  choice: LayerChoice | undefined,
  ids: ReadonlyMap<string, number>,
): ChosenLayer[] {
  const gridOf = gridsOf(tape);
  if (choice === undefined) {
    const output = defaultLayer(tape);
    return [{ output, grid: gridOf(output)! }];
  }
  const candidates = candidatesOf(tape, ids);
  return (Array.isArray(choice) ? choice : [choice]).map((name: LayerName) => {
    const id = idOf(name, candidates, ids);
    const output = tape.makerOf(id)?.outputs.find((operand) => operand.id === id);
    const grid = output && gridOf(output);
    if (output !== undefined && grid !== undefined) return { output, grid };
    throw outOfRange('layer', 'one whose output has places, [h, w, c]', name, WAY_OUT);
  });
}

const WAY_OUT = 'layers(model, input) lists them';

function idOf(
  name: LayerName,
  candidates: readonly Candidate[],
  ids: ReadonlyMap<string, number>,
): number {
  if (typeof name === 'number') {
    const candidate = candidates.at(name);
    if (candidate !== undefined) return candidate.id;
    throw outOfRange('layer', `-${candidates.length} to -1`, name, WAY_OUT);
  }
  const id = ids.get(name) ?? candidates.find((candidate) => candidate.name === name)?.id;
  if (id !== undefined) return id;
  const names = candidates.map((candidate) => candidate.name);
  const closest = closestTo(name, names);
  const hint = closest === undefined ? WAY_OUT : `did you mean '${closest}'?`;
  throw outOfRange('layer', 'the name of a layer of the model', name, hint);
}
