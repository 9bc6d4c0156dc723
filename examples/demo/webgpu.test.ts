// Oracle: the wasm backend. Debian's Chromium brings a Vulkan driver that computes on the CPU.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setBackend, tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import sharp from 'sharp';
import '../../test/backends.js';
import { runScript } from '../testing/runScript.js';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import { writeModel } from '../testing/writeModel.js';

const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const LOADER = '/usr/lib/x86_64-linux-gnu/libvulkan.so.1';
const folder = temporaryFolder();
const at = (...names: string[]) => path.join(folder, ...names);
const environment = { ...process.env };

afterEach(() => {
  process.env = { ...environment };
});

async function writeInputs(): Promise<string[]> {
  await setBackend('cpu');
  const model = sequential({
    layers: [
      layers.conv2d({ inputShape: [224, 224, 3], filters: 4, kernelSize: 8, strides: 8 }),
      layers.reLU(),
      layers.flatten(),
      layers.dense({ units: 2 }),
    ],
  });
  const weights = model.getWeights().map(({ shape, size }, k) =>
    tensor(
      Float32Array.from({ length: size }, (_, i) => 0.1 * Math.sin(7 * i + k)),
      shape,
    ),
  );
  model.setWeights(weights);
  await writeModel(model, at('model'));
  const [width, height] = [224, 224];
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * i) % 251);
  await sharp(pixels, { raw: { width, height, channels: 3 } }).toFile(at('photo.png'));
  const given = ['--model', at('model'), '--preset', 'mobilenet', '--image', at('photo.png')];
  return [...given, '--samples', '2'];
}

const hasDriver = existsSync(DRIVER) && existsSync(LOADER);

// It needs Debian's chromium and libvulkan1.
(hasDriver ? test : test.skip)('on WebGPU in Node the pictures are those of wasm', async () => {
  const args = await writeInputs();
  process.env['VK_ICD_FILENAMES'] = DRIVER;
  const explain = (backend: string) =>
    runScript('demo/main.ts', [...args, '--backend', backend, '--out', at(backend)]);
  const [expected, { status, stdout }] = [explain('wasm'), explain('webgpu')];
  expect([expected.status, status]).toEqual([0, 0]);
  const topClasses = (text: string) => text.split('\n').slice(0, 3).join('\n');
  expect(topClasses(stdout)).toBe(topClasses(expected.stdout));
  const [onWasm, onGpu] = await Promise.all(
    ['wasm', 'webgpu'].map((backend) => sharp(at(backend, 'map.png')).raw().toBuffer()),
  );
  expect(onGpu!.length).toBe(onWasm!.length);
  expect(onWasm!.filter((value, i) => Math.abs(value - onGpu![i]!) > 2)).toHaveLength(0);
  expect(new Set(onWasm).size).toBeGreaterThan(50);
  expect(readFileSync(at('webgpu', 'overlay.png')).length).toBeGreaterThan(1000);
});

test('without a driver it says in one line what to install', () => {
  process.env['VK_ICD_FILENAMES'] = at('none.json');
  const { status, stderr } = runScript('demo/main.ts', ['--backend', 'webgpu', '--out', at('no')]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^demo: no GPU was found for --backend webgpu: on Linux, install/m);
});
