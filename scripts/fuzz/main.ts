/**
 * `npm run fuzz`: hostile input to every target in turn, each in a process that is watched. A case
 * ends in a right result or a typed error of one line; else it is printed with its seed.
 *
 * npm run fuzz -- --minutes 10 --seed 1 --targets models,images
 */
import { parseArgs } from 'node:util';
import { TARGETS } from './targets/index.js';
import { watchTarget } from './watch.js';

/** Of each target: the first faults tell the most. */
const SHOWN = 20;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    targets: { type: 'string', default: TARGETS.map(({ name }) => name).join() },
  },
});
const names = values.targets.split(',');
const seconds = (Number(values.minutes) * 60) / names.length;
console.log(`seed ${values.seed}`);
for (const name of names) {
  const { cases, faults, peakMemory } = await watchTarget(name, Number(values.seed), seconds);
  const memory = `${Math.round(peakMemory / 1e6)} MB at most`;
  console.log(`${name}: ${cases} cases, ${faults.length} faults, ${memory}`);
  for (const fault of faults.slice(0, SHOWN)) console.log(`  ${fault}`);
  if (faults.length > SHOWN) console.log(`  and ${faults.length - SHOWN} more`);
  if (faults.length > 0 || cases === 0) process.exitCode = 1;
}
