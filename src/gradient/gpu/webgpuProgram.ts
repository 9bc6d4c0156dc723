/** The gradient of rectifiers in WGSL. */

/** A program as tfjs's webgpu backend takes it. */
export interface WebGPUProgram {
  readonly variableNames: string[];
  readonly outputShape: number[];
  /** What a compiled program is found by. */
  readonly shaderKey: string;
  readonly dispatchLayout: { x: number[] };
  readonly dispatch: [number, number, number];
  readonly workgroupSize: [number, number, number];
  /** How many numbers a thread reads and writes. */
  readonly outputComponent: 1 | 4;
  readonly variableComponents: number[];
  /** Whether the code reads the number of threads, `uniforms.size`. */
  readonly size: true;
  getUserCode(): string;
}

const THREADS = 128;

/** Makes the program for dy and y of `shape`; `ceiling` may be Infinity. */
export function webgpuProgram(shape: number[], ceiling: number): WebGPUProgram {
  const width = shape.length > 0 && shape.at(-1)! % 4 === 0 ? 4 : 1;
  const size = shape.reduce((product, length) => product * length, 1);
  const type = width === 4 ? 'vec4<f32>' : 'f32';
  const isOpen = width === 4 ? `(y > ${type}(0.0)) & (y < ${type}(top))` : 'y > 0.0 && y < top';
  // WGSL has no infinity.
  const top = Math.min(Math.fround(ceiling), GREATEST);
  return {
    variableNames: ['dy', 'y'],
    outputShape: shape,
    shaderKey: `rectifierGradient_${ceiling}_${width}`,
    dispatchLayout: { x: [...shape.keys()] },
    dispatch: [Math.ceil(size / THREADS / width), 1, 1],
    workgroupSize: [THREADS, 1, 1],
    outputComponent: width,
    variableComponents: [width, width],
    size: true,
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          let top = f32(${top});
          let y = ${type}(getYByOutputIndex(index));
          let dy = ${type}(getDyByOutputIndex(index));
          setOutputAtIndex(index, select(${type}(0.0), dy, ${isOpen}));
        }
      }
    `,
  };
}

/** Of float32. */
const GREATEST = 3.4028234663852886e38;
