import path from 'node:path';
import { defineConfig } from 'vite';
import { centernetFiles, foodPhoto, packageFiles } from '../shared/packageFiles.js';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: { outDir: '../../out/vite', emptyOutDir: true },
  // In a project of your own, npm has put the package where Vite finds it.
  resolve: { alias: { 'tfjs-saliency': path.join(import.meta.dirname, '../../dist/index.js') } },
  plugins: [packageFiles({ ...centernetFiles(256), ...foodPhoto })],
});
