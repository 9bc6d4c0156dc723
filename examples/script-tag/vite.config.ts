import { defineConfig } from 'vite';
import { centernetFiles, foodPhoto, packageFiles } from '../shared/packageFiles.js';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: { outDir: '../../out/script-tag', emptyOutDir: true },
  plugins: [
    packageFiles({
      ...centernetFiles(256),
      ...foodPhoto,
      'scripts/tf-core.min.js': '@tensorflow/tfjs-core/dist/tf-core.min.js',
      'scripts/tf-converter.min.js': '@tensorflow/tfjs-converter/dist/tf-converter.min.js',
      'scripts/tf-backend-wasm.min.js': '@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
      'scripts/tfjs-saliency.js': '../dist/tfjs-saliency.global.js',
      'wasm/tfjs-backend-wasm.wasm': '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
      'wasm/tfjs-backend-wasm-simd.wasm':
        '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
      'wasm/tfjs-backend-wasm-threaded-simd.wasm':
        '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm',
    }),
  ],
});
