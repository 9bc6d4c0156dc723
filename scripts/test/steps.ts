/** The steps of the test commands: what each runs, and how its results are counted. */

export interface Step {
  readonly name: string;
  /** The program and its arguments, of those that npm has in the PATH. */
  readonly command: readonly string[];
  /** Whether Jest runs it and counts its tests; else the step counts as one. */
  readonly isJest?: boolean;
}

const jest = (name: string, ...args: string[]): Step => ({
  name,
  command: ['jest', ...args],
  isJest: true,
});

/** Packing would build once more; what is packed has just been built. */
const npm = (script: string): Step => ({
  name: script,
  command: ['npm', 'run', '-s', '--ignore-scripts', script],
});

/** Checks that use one core each. */
export const CHECKS: readonly Step[] = ['check:package', 'types', 'lint', 'format', 'docs'].map(
  npm,
);

/** What uses all cores by itself. */
export const ALL: readonly Step[] = [
  jest('tests', '--selectProjects', 'unit', 'examples', 'browser'),
  jest('tests by themselves', '--selectProjects', 'alone'),
];

/** Neither a browser nor a trained model, nor another process that has to load tfjs. */
export const FAST: readonly Step[] = [
  jest(
    'fast tests',
    '--selectProjects',
    'unit',
    '--testPathIgnorePatterns',
    '/package/|/worker/|/conformance/|/networks/|trained|fullWasmHeap|concurrency|peakMemory|reliability|reproducibility|golden/smoothGrad',
  ),
];
