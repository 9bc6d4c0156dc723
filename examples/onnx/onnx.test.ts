// Oracle: the same network in tfjs.
import { runScript } from '../testing/runScript.js';

test("an ONNX model's maps are those of the same network in tfjs", () => {
  const { status, stdout, stderr } = runScript('onnx/testing/compare.ts', []);
  expect([status, stderr]).toEqual([0, '']);
  const { occlusion, rise } = JSON.parse(stdout) as Record<'occlusion' | 'rise', number>;
  expect(occlusion).toBeLessThan(1e-4);
  expect(rise).toBeLessThan(1e-4);
});

test('without arguments, the program says in one line what it takes', () => {
  expect(runScript('onnx/main.ts', []).stderr).toBe(
    'onnx: usage: npx tsx examples/onnx/main.ts MODEL.onnx PHOTO [PICTURE.png]\n',
  );
});
