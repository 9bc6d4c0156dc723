/** The gradient of rectifiers in GLSL. */

/** A program as tfjs's webgl backend takes it. */
export interface WebGLProgram {
  readonly variableNames: string[];
  readonly outputShape: number[];
  readonly userCode: string;
  /** Whether a texel holds four numbers, as of most of the backend's tensors. */
  readonly packedInputs: boolean;
  readonly packedOutput: boolean;
}

/** Makes the program for dy and y of `shape`; `ceiling` may be Infinity. */
export function webglProgram(shape: number[], ceiling: number, isPacked: boolean): WebGLProgram {
  const lanes = isPacked ? ['r', 'g', 'b', 'a'] : [];
  const kept = (dy: string, y: string): string => `${isOpen(y, ceiling)} ? ${dy} : 0.0`;
  const result = isPacked
    ? `vec4(${lanes.map((lane) => kept(`dy.${lane}`, `y.${lane}`)).join(', ')})`
    : kept('dy', 'y');
  const type = isPacked ? 'vec4' : 'float';
  return {
    variableNames: ['Dy', 'Y'],
    outputShape: shape,
    packedInputs: isPacked,
    packedOutput: isPacked,
    userCode: `
      void main() {
        ${type} dy = getDyAtOutCoords();
        ${type} y = getYAtOutCoords();
        setOutput(${result});
      }
    `,
  };
}

const isOpen = (y: string, ceiling: number): string =>
  ceiling === Infinity ? `${y} > 0.0` : `${y} > 0.0 && ${y} < ${glslNumber(ceiling)}`;

/** Writes a number as GLSL wants it, with a point or an exponent. */
function glslNumber(value: number): string {
  const text = String(Math.fround(value));
  return /[.e]/.test(text) ? text : `${text}.0`;
}
