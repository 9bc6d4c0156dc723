/** Checks snippets by TypeScript against the public types. */
import path from 'node:path';
import ts from 'typescript';
import * as library from 'tfjs-saliency';
import type { Snippet } from './fences.js';

const root = path.resolve(__dirname, '../..');

/** What fragments take for granted, and packages that the repository does not have. */
const PRELUDE = `
declare module '@tensorflow/tfjs' {
  export * from '@tensorflow/tfjs-core';
  export { loadGraphModel } from '@tensorflow/tfjs-converter';
  export { loadLayersModel } from '@tensorflow/tfjs-layers';
}
declare module 'vitest' {
  interface Matchers {}
}
declare module '*?url' {
  const url: string;
  export default url;
}
declare const tf: typeof import('@tensorflow/tfjs');
declare const tfjsSaliency: typeof import('tfjs-saliency');
declare const model: import('@tensorflow/tfjs-converter').GraphModel;
declare const recurrent: import('@tensorflow/tfjs-layers').Sequential;
declare const photo: HTMLImageElement;
declare const canvas: HTMLCanvasElement;
declare const controller: AbortController;
declare const photos: ImageData[];
declare const preprocess: import('tfjs-saliency').Preprocessing;
declare function explain(model: unknown, input: unknown): import('@tensorflow/tfjs-core').Tensor;
declare function show(...values: unknown[]): void;
declare function draw(...values: unknown[]): Promise<void>;
`;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  types: ['node', 'jest'],
  // As in JavaScript: parameters have no types, and an element is taken to be there.
  strict: false,
  noEmit: true,
  skipLibCheck: true,
  paths: Object.fromEntries(
    ['', '/worker', '/node', '/imagenet', '/testing'].map((entry) => [
      `tfjs-saliency${entry}`,
      [path.join(root, `src${entry}/index.ts`)],
    ]),
  ),
};

/** Lists what is wrong, as 'docs/guide.md:7: message'. */
export function typeErrors(snippets: readonly Snippet[]): string[] {
  const sources = new Map<string, string>([[path.join(root, 'prelude.d.ts'), PRELUDE]]);
  const places = new Map<string, string>();
  for (const [i, { code, place }] of snippets.entries()) {
    const file = path.join(root, `snippet${i}.ts`);
    sources.set(file, `${importsOf(code)}${code}\nexport {};`);
    places.set(file, place);
  }
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const source = sources.get(file);
    return source === undefined
      ? getSourceFile(file, languageVersion, ...rest)
      : ts.createSourceFile(file, source, languageVersion);
  };
  const program = ts.createProgram([...sources.keys()], OPTIONS, host);
  return [...places].flatMap(([file, place]) => {
    const source = program.getSourceFile(file)!;
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map(
      ({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
}

/** A fragment has no imports: it takes the library's functions to be there. */
function importsOf(code: string): string {
  if (/^import /m.test(code) || code.includes('tfjsSaliency')) return '';
  const used = Object.keys(library).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return `import { ${used.join(', ')} } from 'tfjs-saliency';`;
}
