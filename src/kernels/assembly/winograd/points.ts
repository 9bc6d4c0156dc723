/**
 * The points at which F(4x4, 3x3) interpolates: 0, A, -A, B, -B and infinity. These, oneDNN's, lose
 * half as much to rounding as the usual 1 and 2.
 */
export const A: f32 = 0.625;
export const B: f32 = 1.5;

export const A2: f32 = A * A;
export const B2: f32 = B * B;

export function scale(x: v128, factor: f32): v128 {
  return f32x4.mul(x, f32x4.splat(factor));
}

export function add(x: v128, y: v128): v128 {
  return f32x4.add(x, y);
}

export function sub(x: v128, y: v128): v128 {
  return f32x4.sub(x, y);
}
