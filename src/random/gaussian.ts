/**
 * Normally distributed numbers by the ziggurat of Marsaglia and Tsang (2000,
 * https://doi.org/10.18637/jss.v005.i08).
 *
 * The area under exp(-x^2 / 2) is covered by 256 layers of the same area, the lowest with the tail.
 * Nearly all draws fall where their layer lies under the curve: a product and a comparison each.
 */
import type { Random } from './random.js';

const LAYERS = 256;
/** Where the tail begins, and the area of a layer. */
const TAIL = 3.6541528853610088;
const AREA = 0.00492867323399;

interface Ziggurat {
  /** The right edge of each layer, from the lowest (as if it were a rectangle) to 0 at the top. */
  readonly edges: Float64Array;
  /** The height of the curve above each edge. */
  readonly heights: Float64Array;
}

let ziggurat: Ziggurat | undefined;

function makeZiggurat(): Ziggurat {
  const edges = new Float64Array(LAYERS + 1);
  edges[0] = AREA / density(TAIL);
  edges[1] = TAIL;
  for (let layer = 2; layer < LAYERS; layer++) {
    const below = edges[layer - 1]!;
    edges[layer] = Math.sqrt(-2 * Math.log(AREA / below + density(below)));
  }
  return { edges, heights: edges.map(density) };
}

const density = (x: number): number => Math.exp(-0.5 * x * x);

/** Fills an array with numbers of mean 0 and standard deviation 1. */
export function fillGaussian(numbers: Float32Array, random: Random): void {
  ziggurat ??= makeZiggurat();
  // By blocks: engines compile functions that are called often sooner than long loops.
  const BLOCK = 1024;
  for (let start = 0; start < numbers.length; start += BLOCK) {
    fillBlock(numbers.subarray(start, start + BLOCK), random, ziggurat);
  }
}

function fillBlock(numbers: Float32Array, random: Random, ziggurat: Ziggurat): void {
  const { edges } = ziggurat;
  // Each number takes the place of the bits that it is made of.
  const drawn = new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  random.fill(drawn);
  for (let i = 0; i < numbers.length; i++) {
    const bits = drawn[i]!;
    const layer = bits & 255;
    const x = placeOf(bits) * edges[layer]!;
    numbers[i] = Math.abs(x) < edges[layer + 1]! ? x : drawOn(bits, random, ziggurat);
  }
}

/** Returns a place from -1 to 1 by the 24 bits that do not choose the layer. */
const placeOf = (bits: number): number => ((bits >> 8) + 0.5) * 2 ** -23;

/** Goes on from a draw that does not lie under the curve for certain. */
function drawOn(first: number, random: Random, { edges, heights }: Ziggurat): number {
  for (let bits = first; ; bits = random.bits()) {
    const layer = bits & 255;
    const x = placeOf(bits) * edges[layer]!;
    if (Math.abs(x) < edges[layer + 1]!) return x;
    if (layer === 0) return x < 0 ? -drawTail(random) : drawTail(random);
    const [bottom, top] = [heights[layer]!, heights[layer + 1]!];
    if (bottom + random.uniform() * (top - bottom) < density(x)) return x;
  }
}

/** Draws beyond the last edge, by Marsaglia's method (1964). */
function drawTail(random: Random): number {
  for (;;) {
    const beyond = -Math.log(random.uniform()) / TAIL;
    if (-2 * Math.log(random.uniform()) > beyond * beyond) return TAIL + beyond;
  }
}
