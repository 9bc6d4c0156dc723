import path from 'node:path';
import { defineConfig } from 'vite';
import { centernetFiles, packageFiles } from '../shared/packageFiles.js';

const src = path.join(import.meta.dirname, '../../src');

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  worker: { format: 'es' },
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
      ...centernetFiles,
      'photos/spoon.jpg': 'colorthief/examples/img/image-2.jpg',
      'photos/phones.jpg': 'colorthief/examples/img/image-3.jpg',
    }),
  ],
});
