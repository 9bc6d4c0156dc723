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

/** Parts of paths of what is left out where a minute or two have to do. */
const SLOW = [
  // Trained models, and other processes that have to load tfjs.
  ...['/package/', '/worker/', 'workers.test', '/conformance/', '/networks/', 'networks.test'],
  ...['trained', 'fullWasmHeap', 'concurrency', 'peakMemory', 'reliability', '/fuzz/', 'snippets'],
  // Statistics of many samples, large inputs, and laws that take each method through many runs.
  ...['reproducibility', 'golden/smoothGrad', 'noise.test', '[pP]roperties.test', 'resize.test'],
  ...['endings.test', 'contract/(laws|smoothing|backends)', 'closedForms', 'metric/laws'],
  ...[
    'defaultLayer',
    'kernels/winograd',
    'kernels/binary',
    'kernels/gradients',
    'asynchronous.test',
  ],
];

/** Without a browser too. */
export const FAST: readonly Step[] = [
  jest(
    'fast tests',
    '--selectProjects',
    'unit',
    '--testPathIgnorePatterns',
    SLOW.map((part) => part.replaceAll('.', '\\.')).join('|'),
  ),
];
