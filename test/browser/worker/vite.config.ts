import path from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  worker: { format: 'es' },
  resolve: {
    alias: [
      {
        find: /^tfjs-saliency\/worker$/,
        replacement: path.join(import.meta.dirname, '../../../src/worker/index.ts'),
      },
      {
        find: /^tfjs-saliency$/,
        replacement: path.join(import.meta.dirname, '../../../src/index.ts'),
      },
    ],
  },
});
