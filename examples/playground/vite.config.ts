import path from 'node:path';
import { defineConfig } from 'vite';
import { methodOf } from '../../src/method/defineMethod.js';
import * as methods from '../../src/method/index.js';
import * as presets from '../../src/preprocessing/presets.js';
import { centernetFiles, foodPhoto, packageFiles } from '../shared/packageFiles.js';
import { defaultsOf } from './methodOptions.js';

const src = path.join(import.meta.dirname, '../../src');

const METHODS = Object.entries(methods).flatMap(([name, attribution]) => {
  const method = methodOf(attribution);
  if (method === undefined) return [];
  return { name, group: method.group, options: defaultsOf(method.options ?? {}) };
});

const PRESETS = Object.entries(presets).map(([name, { options }]) => ({
  name,
  crop: options.crop,
}));

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  worker: { format: 'es' },
  define: {
    __METHODS__: JSON.stringify(METHODS),
    __PRESETS__: JSON.stringify(PRESETS),
  },
  // tfjs with its four backends is large; it is in the worker only, which loads while the page can
  // be read.
  build: { outDir: '../../out/playground', emptyOutDir: true, chunkSizeWarningLimit: 3000 },
  resolve: {
    alias: [
      { find: /^tfjs-saliency$/, replacement: path.join(src, 'index.ts') },
      { find: /^tfjs-saliency\/worker$/, replacement: path.join(src, 'worker/index.ts') },
    ],
  },
  // Only the workers import these: found late, they would make the page load again.
  optimizeDeps: {
    include: [
      'comlink',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgl',
      '@tensorflow/tfjs-backend-webgpu',
      '@tensorflow/tfjs-converter',
      '@tensorflow/tfjs-layers',
    ],
  },
  plugins: [
    packageFiles({
      ...centernetFiles(256),
      ...centernetFiles(512),
      ...foodPhoto,
      'photos/spoon.jpg': 'colorthief/examples/img/image-2.jpg',
      'photos/phones.jpg': 'colorthief/examples/img/image-3.jpg',
    }),
  ],
});
