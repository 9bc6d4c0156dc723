/** One target in a process of its own; the parent watches over time and memory. */
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { drawFrom } from './random.js';
import { faultOf } from './target.js';
import { TARGETS } from './targets/index.js';

export interface ChildJob {
  readonly target: string;
  readonly seed: number;
  readonly seconds: number;
  /** Empty; the target gets one folder in it. */
  readonly root: string;
}

export type ChildMessage =
  | { readonly kind: 'case'; readonly seed: number; readonly what?: string }
  | { readonly kind: 'fault'; readonly seed: number; readonly what: string }
  | { readonly kind: 'end'; readonly cases: number };

const { target: name, seed, seconds, root } = JSON.parse(process.argv[2]!) as ChildJob;
const send = (message: ChildMessage): void => void process.send!(message);

console.warn = () => undefined; // tfjs tells of its deprecated calls
await setBackend('cpu');
const folder = path.join(root, 'target');
mkdirSync(folder);
const target = await TARGETS.find((each) => each.name === name)!.open(folder);
const files = readdirSync(folder).length;
let cases = 0;
for (const end = performance.now() + seconds * 1000; performance.now() < end; cases++) {
  const caseSeed = seed + cases;
  let what = '';
  send({ kind: 'case', seed: caseSeed });
  try {
    await target.run(drawFrom(caseSeed), (said) => {
      what = said;
      send({ kind: 'case', seed: caseSeed, what });
    });
  } catch (error) {
    const fault = faultOf(error);
    if (fault !== undefined) send({ kind: 'fault', seed: caseSeed, what: `${what}: ${fault}` });
  }
  if (readdirSync(root).length !== 1 || readdirSync(folder).length !== files) {
    send({ kind: 'fault', seed: caseSeed, what: `${what}: files left, or outside of its folder` });
    break;
  }
}
await target.close?.();
send({ kind: 'end', cases });
process.disconnect();
