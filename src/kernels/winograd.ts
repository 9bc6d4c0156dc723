/**
 * Convolutions 3 x 3 of stride 1 by Winograd's F(4x4, 3x3): 4 output pixels squared from 36
 * products instead of 144 (Lavin and Gray, arXiv:1509.09308).
 *
 * Letters: n images, h x w pixels of c channels in, oh x ow of d out.
 */
import { epilogueBytes, writeEpilogue } from './epilogue.js';
import type { Epilogue } from './epilogue.js';
import type { ConvolutionOperands, PlainShape } from './shape.js';
import { roundUp, withScratch } from './wasmBackend.js';
import type { Workplace } from './workplace.js';

const PLANES = 36;
const FLOAT = 4;
/** The least and the most of blocks, by which U and V stay in the processor's caches. */
const LARGEST_WHOLE_FILTER = 5e6;
const TILE_BLOCK = 0.8e6;
const FILTER_BLOCK = 1e6;
const MOST_TILES = 256;
/** Channels summed by themselves: the error is a third of that of one long sum. */
const PART = 64;

/**
 * Bytes of a plane: an odd number of cache lines over 4096, lest all 36 share a set of the cache.
 */
const planeBytes = (floats: number): number => roundUp(floats * FLOAT, 4096) + 64 * 5;

/** Divides the work: of U (filter) and V (input) the smaller stays whole, the other is cut. */
function blocks({ c, d }: PlainShape, tiles: number): { tileBlock: number; dBlock: number } {
  const even = (most: number): number =>
    roundUp(Math.ceil(tiles / Math.ceil(tiles / Math.max(16, most))), 4);
  const channelBytes = PLANES * FLOAT * c;
  if (d < tiles && channelBytes * d <= LARGEST_WHOLE_FILTER)
    return { dBlock: d, tileBlock: even(TILE_BLOCK / (PLANES * FLOAT * (c + d))) };
  const dBlock = Math.max(16, Math.floor(FILTER_BLOCK / channelBytes / 16) * 16);
  return { dBlock: Math.min(d, dBlock), tileBlock: even(MOST_TILES) };
}

/**
 * Convolves; all addresses are bytes.
 * @throws RangeError if there is no memory for its scratch
 */
export function winograd(
  { backend, memory, code }: Workplace,
  operands: ConvolutionOperands,
  shape: PlainShape,
  epilogue: Epilogue,
): void {
  const { n, h, w, c, oh, ow, d, top, left } = shape;
  const { x, filter, y, transposed } = operands;
  const [tilesY, tilesX] = [Math.ceil(oh / 4), Math.ceil(ow / 4)];
  const tiles = n * tilesY * tilesX;
  const { tileBlock, dBlock } = blocks(shape, tiles);
  const planeV = planeBytes(tileBlock * c);
  const planeU = planeBytes(roundUp(dBlock, 8) * c);
  const planeM = planeBytes(tileBlock * roundUp(dBlock, 8));
  const parts = {
    epilogue: epilogueBytes(d),
    vectors: 512 + 9 * 1088,
    patch: PLANES * c * FLOAT,
    v: PLANES * planeV,
    u: PLANES * planeU,
    m: PLANES * planeM,
    marks: n * h * w,
  };
  withScratch(backend, parts, (at) => {
    const { bias, limits, zeros, unlimited } = writeEpilogue(memory, at.epilogue, d, epilogue);
    const empty = code.markPixels(x, n * h * w, c, at.marks);
    for (let first = 0; first < tiles; first += tileBlock) {
      const count = Math.min(tileBlock, tiles - first);
      const place = [tilesY, tilesX, first, count];
      code.inputTiles(x, h, w, c, top, left, ...place, at.v, planeV, at.patch, at.vectors);
      for (let firstD = 0; firstD < d; firstD += dBlock) {
        const countD = Math.min(dBlock, d - firstD);
        if (first === 0 || dBlock < d) {
          const block = [firstD, countD, at.u, planeU];
          code.filterPlanes(filter, c, d, Number(transposed), ...block, at.vectors);
        }
        const columns = Math.ceil(countD / 8);
        const planes = [at.v, planeV, at.u, planeU, at.m, planeM, PLANES];
        const steps = [32, columns * 128, 128];
        const sums = [Math.ceil(count / 4), c, PART, columns];
        code.products(...planes, ...sums, ...steps, zeros, 0, unlimited);
        const output = [y, oh, ow, d, firstD, countD];
        const after = [bias + firstD * FLOAT, limits, at.vectors];
        code.outputTiles(at.m, planeM, ...output, ...place, ...after);
      }
    }
    if (empty > 0 || hasFieldsOutside(shape)) {
      code.settleEmptyFields(at.marks, n, h, w, top, left, y, oh, ow, d, bias, limits);
    }
  });
}

/** Tells whether a filter may lie wholly in the padding, with no pixel under it. */
function hasFieldsOutside({ h, w, oh, ow, top, left }: PlainShape): boolean {
  return top > 2 || left > 2 || oh - 1 - top >= h || ow - 1 - left >= w;
}
