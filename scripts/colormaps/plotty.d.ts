// plotty ships no types; this is the part of it that generate.ts reads.
declare module 'plotty/src/colorscales.js' {
  /** 256 RGBA colours, 0..255, one after another. */
  export const colorscales: Record<'viridis' | 'inferno' | 'magma' | 'turbo', Uint8Array>;
}
