// 'own-relaxed', where WebAssembly has fused multiply-add. Oracle: the same sums in float64.
// Node 20 needs a flag for it: the test runs in a process of its own.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const [major] = process.versions.node.split('.').map(Number);
const FLAGS = major! < 22 ? ['--experimental-wasm-relaxed-simd'] : [];

test('is as exact, and refused where it is not known', () => {
  const script = path.join(__dirname, 'relaxedChild.ts');
  const run = (flags: string[]): unknown =>
    JSON.parse(
      execFileSync(process.execPath, [...flags, '--import', 'tsx', script], { encoding: 'utf8' }),
    );
  const { winograd, im2col } = run(FLAGS) as Record<string, number>;
  expect(winograd).toBeLessThan(3e-6);
  expect(im2col).toBeLessThan(2e-6);
  if (major! < 22) expect(run([])).toBe('not known');
}, 300_000);
