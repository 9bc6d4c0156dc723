/**
 * Convolutions of any filter, stride and dilation as products of matrices, without the zeros of a
 * strided one's way back.
 *
 * Letters: n images, h x w pixels of c channels in, oh x ow of d out.
 */
import { epilogueBytes, writeEpilogue } from './epilogue.js';
import type { Epilogue } from './epilogue.js';
import type { ConvolutionOperands, Im2colShape, Phase } from './shape.js';
import { roundUp, withScratch } from './wasmBackend.js';
import type { Workplace } from './workplace.js';

const FLOAT = 4;
/** The packed rows stay in the second cache beside a column of the filter. */
const ROW_BLOCK = 0.4e6;

/**
 * Convolves; all addresses are bytes.
 * @throws RangeError if there is no memory for its scratch
 */
export function im2col(
  workplace: Workplace,
  operands: ConvolutionOperands,
  shape: Im2colShape,
  epilogue: Epilogue,
): void {
  const { n, oh, ow, d, phases } = shape;
  const seen = phases.filter(({ taps }) => taps.length > 0);
  if (seen.length < phases.length) {
    new Float32Array(workplace.memory.buffer, operands.y, n * oh * ow * d).fill(0);
  }
  for (const phase of seen) convolvePhase(workplace, operands, shape, phase, epilogue);
}

function convolvePhase(
  { backend, memory, code }: Workplace,
  { x, filter, y, transposed }: ConvolutionOperands,
  { n, h, w, c, oh, ow, d }: Im2colShape,
  { start, distance, size, stride, taps, run }: Phase,
  epilogue: Epilogue,
): void {
  const rows = n * size[0] * size[1];
  const k = roundUp(taps.length * c, 16);
  const columns = Math.ceil(d / 8);
  const block = Math.min(roundUp(rows, 4), roundUp(ROW_BLOCK / (k * FLOAT), 4));
  const parts = {
    epilogue: epilogueBytes(d),
    taps: taps.length * 12,
    filterBlock: 1024,
    row: k * FLOAT,
    a: block * k * FLOAT,
    b: columns * 8 * k * FLOAT,
    m: block * columns * 8 * FLOAT,
  };
  /** Whether whole groups of rows can be stored where they belong. */
  const isDense = d % 8 === 0 && distance[0] * distance[1] === 1;
  withScratch(backend, parts, (at) => {
    const { bias, limits } = writeEpilogue(memory, at.epilogue, d, epilogue);
    new Int32Array(memory.buffer, at.taps, taps.length * 3).set(taps.flat());
    const table = [at.taps, taps.length];
    code.packFilter(filter, c, d, Number(transposed), ...table, k, at.b, at.filterBlock);
    for (let first = 0; first < rows; first += block) {
      const count = Math.min(block, rows - first);
      code.packRows(x, h, w, c, ...size, ...stride, ...table, run, first, count, k, at.a, at.row);
      const groups = Math.ceil(count / 4);
      const dense = isDense ? Math.floor(count / 4) : 0;
      const after = [bias, 8 * FLOAT, limits];
      const row = d * FLOAT;
      const to = y + first * row;
      const steps = [row, 4 * row, 8 * FLOAT];
      code.products(at.a, 0, at.b, 0, to, 0, 1, dense, k, k, columns, ...steps, ...after);
      if (dense === groups) continue;
      const rest = at.a + dense * 4 * k * FLOAT;
      const spread = [32, columns * 128, 128];
      code.products(
        rest,
        0,
        at.b,
        0,
        at.m,
        0,
        1,
        groups - dense,
        k,
        k,
        columns,
        ...spread,
        ...after,
      );
      const range = [first + dense * 4, count - dense * 4];
      code.placeRows(at.m, y, oh, ow, d, ...size, ...start, ...distance, ...range);
    }
  });
}
