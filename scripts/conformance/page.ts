/**
 * Runs the conformance table in a browser: one reference for all backends, then the library, then
 * plain tf.grad.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { atOne } from '../../test/conformance/atOne.js';
import type { Case } from '../../test/conformance/case.js';
import { cases } from '../../test/conformance/cases.js';
import { judge } from '../../test/conformance/judge.js';
import type { GradientOf } from '../../test/conformance/judge.js';
import { ours } from '../../test/conformance/ours.js';
import type { Reference } from '../../test/conformance/reference.js';
import { referenceOf } from '../../test/conformance/reference.js';
import { runNetworks } from './networks.js';
import { BACKENDS } from './verdicts.js';
import type { Backend, Results, Row, Way } from './verdicts.js';

declare global {
  interface Window {
    runConformance: (threads: number) => Promise<Results>;
    progress: (line: string) => Promise<void>;
  }
}

const plain: GradientOf = (f, x, dy) => tf.grad(f)(x, dy);

window.runConformance = async (threads) => {
  setWasmPaths('/wasm/');
  setThreadsCount(threads);
  // The GPU backends otherwise compute with small tensors on the cpu, and all of these are small.
  tf.env().set('WEBGL_CPU_FORWARD', false);
  tf.env().set('WEBGPU_CPU_FORWARD', false);

  const judged: [Case, Reference][] = [];
  for (const row of cases) judged.push([row, await referenceOf(row)], ...(await atOne(row)));

  const rows: Row[] = [];
  const run = async (way: Way, gradientOf: GradientOf, backend: Backend): Promise<void> => {
    if (!(await tf.setBackend(backend))) throw new Error(`this browser has no ${backend}`);
    for (const [i, [row, reference]] of judged.entries()) {
      const verdict = await judge(row, reference, gradientOf);
      rows.push({ op: row.op, name: row.name, backend, way, ...verdict });
      if (i % 50 === 0) await window.progress(`${way} on ${backend}: ${i} of ${judged.length}`);
    }
  };
  // The library first, while no gradient is registered that could stand in for a rule of its own.
  for (const backend of BACKENDS) await run('ours', ours, backend);
  const networks = await runNetworks(window.progress);
  await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  for (const backend of BACKENDS) await run('tf.grad', plain, backend);
  return { rows, networks };
};
