/** What the page draws, and the test expects: a photo of random pixels, and an input. */
export const SIDE = 8;

export const photo = {
  data: Uint8ClampedArray.from({ length: 4 * 32 * 32 }, (_, i) =>
    i % 4 === 3 ? 255 : (i * 37) % 256,
  ),
  width: 32,
  height: 32,
};

export const input = {
  data: Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => Math.sin(i)),
  shape: [1, SIDE, SIDE, 3],
};

/** The weights of the model's sum, which are its gradient. */
export const weights = Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => i % 50);
