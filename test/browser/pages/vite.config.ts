import path from 'node:path';
import { defineConfig } from 'vite';

const src = path.join(import.meta.dirname, '../../../src');
const PAGES = ['worker', 'halfFloats', 'rectifierGradient', 'onnx'];

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  worker: { format: 'es' },
  build: {
    rolldownOptions: {
      input: PAGES.map((name) => path.join(import.meta.dirname, `${name}.html`)),
    },
  },
  resolve: {
    alias: [
      // without its kernels for GPUs
      { find: /^onnxruntime-web$/, replacement: 'onnxruntime-web/wasm' },
      { find: /^tfjs-saliency\/worker$/, replacement: path.join(src, 'worker/index.ts') },
      { find: /^tfjs-saliency$/, replacement: path.join(src, 'index.ts') },
    ],
  },
});
