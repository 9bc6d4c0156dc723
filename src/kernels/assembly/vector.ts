/** Vectors of four numbers. */

/** Clamps numbers; NaN stays NaN. */
export function clamp(x: v128, least: v128, most: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, least), most);
}

/** Stores the first `count` numbers, 1 to 4. */
export function storeChannels(to: usize, x: v128, count: usize): void {
  if (count === 4) {
    v128.store(to, x);
    return;
  }
  store<f32>(to, f32x4.extract_lane(x, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(x, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(x, 2), 8);
}

/** Loads up to 4 of `count` numbers, zeros after them. */
export function loadChannels(from: usize, count: usize): v128 {
  if (count >= 4) return v128.load(from);
  let x = v128.load32_zero(from);
  if (count > 1) x = v128.load32_lane(from + 4, x, 1);
  if (count > 2) x = v128.load32_lane(from + 8, x, 2);
  return x;
}
