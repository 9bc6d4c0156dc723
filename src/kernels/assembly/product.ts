/**
 * Products of matrices: the arithmetic of all convolutions. A module of its own, since it is built
 * twice, with and without fused multiply-add.
 *
 * Letters: A is [rows / 4][k / 16][4][16], B is [columns / 8][k][8], k a multiple of 16.
 */

import { clamp } from './vector';

/** Adds x y to the sum. */
function fma(sum: v128, x: v128, y: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, y, sum) : f32x4.add(sum, f32x4.mul(x, y));
}

/**
 * Multiplies 4 rows by 8 columns, from the bias on.
 *
 * Not unrolled, and no larger: V8 before 12 moves the loads of a basic block to its start, and
 * these 8 sums, 2 + 4 operands and a product are just the 15 registers it has.
 * @param step bytes from one row of the result to the next
 * @param adds whether to add to what is there
 * @param limits address of the activation's least and greatest value
 */
export function product(
  a: usize,
  b: usize,
  k: usize,
  to: usize,
  step: usize,
  adds: bool,
  bias: usize,
  limits: usize,
): void {
  const bias0 = v128.load(bias);
  const bias1 = v128.load(bias, 16);
  let s00 = bias0;
  let s01 = bias1;
  let s10 = bias0;
  let s11 = bias1;
  let s20 = bias0;
  let s21 = bias1;
  let s30 = bias0;
  let s31 = bias1;
  const end = a + k * 16;
  do {
    const endOfBlock = a + 64;
    do {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const a0 = v128.load32_splat(a);
      s00 = fma(s00, a0, b0);
      s01 = fma(s01, a0, b1);
      const a1 = v128.load32_splat(a, 64);
      s10 = fma(s10, a1, b0);
      s11 = fma(s11, a1, b1);
      const a2 = v128.load32_splat(a, 128);
      s20 = fma(s20, a2, b0);
      s21 = fma(s21, a2, b1);
      const a3 = v128.load32_splat(a, 192);
      s30 = fma(s30, a3, b0);
      s31 = fma(s31, a3, b1);
      a += 4;
      b += 32;
    } while (a < endOfBlock);
    a += 192;
  } while (a < end);
  if (adds) {
    s00 = f32x4.add(s00, v128.load(to));
    s01 = f32x4.add(s01, v128.load(to, 16));
    s10 = f32x4.add(s10, v128.load(to + step));
    s11 = f32x4.add(s11, v128.load(to + step, 16));
    s20 = f32x4.add(s20, v128.load(to + 2 * step));
    s21 = f32x4.add(s21, v128.load(to + 2 * step, 16));
    s30 = f32x4.add(s30, v128.load(to + 3 * step));
    s31 = f32x4.add(s31, v128.load(to + 3 * step, 16));
  }
  const least = v128.load32_splat(limits);
  const most = v128.load32_splat(limits, 4);
  v128.store(to, clamp(s00, least, most));
  v128.store(to, clamp(s01, least, most), 16);
  v128.store(to + step, clamp(s10, least, most));
  v128.store(to + step, clamp(s11, least, most), 16);
  v128.store(to + 2 * step, clamp(s20, least, most));
  v128.store(to + 2 * step, clamp(s21, least, most), 16);
  v128.store(to + 3 * step, clamp(s30, least, most));
  v128.store(to + 3 * step, clamp(s31, least, most), 16);
}

/**
 * Multiplies all groups of 4 rows by all columns, in each of `planes` planes.
 * @param step, stepGroup, stepColumns bytes from one row of the result, group of 4 rows, and 8
 * columns to the next
 * @param part how much of k is summed by itself, a multiple of 16: sums of sums lose less
 */
export function products(
  a: usize,
  planeA: usize,
  b: usize,
  planeB: usize,
  to: usize,
  planeTo: usize,
  planes: usize,
  groups: usize,
  k: usize,
  part: usize,
  columns: usize,
  step: usize,
  stepGroup: usize,
  stepColumns: usize,
  bias: usize,
  stepBias: usize,
  limits: usize,
): void {
  for (let p: usize = 0; p < planes; p++) {
    for (let j: usize = 0; j < columns; j++) {
      const fromB = b + p * planeB + j * k * 32;
      for (let g: usize = 0; g < groups; g++) {
        const fromA = a + p * planeA + g * k * 16;
        const result = to + p * planeTo + g * stepGroup + j * stepColumns;
        for (let first: usize = 0; first < k; first += part) {
          const count = min(part, k - first);
          const adds = first > 0;
          product(
            fromA + first * 16,
            fromB + first * 32,
            count,
            result,
            step,
            adds,
            bias + j * stepBias,
            limits,
          );
        }
      }
    }
  }
}
