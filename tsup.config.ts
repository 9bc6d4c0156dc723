import { defineConfig } from 'tsup';
import type { Plugin } from 'esbuild';

/**
 * Maps every import of tfjs to the global `tf` that tfjs's own script tag defines, instead of
 * bundling 389 kB of it.
 */
const tfjsFromGlobal: Plugin = {
  name: 'tfjs-from-global',
  setup(build) {
    build.onResolve({ filter: /^@tensorflow\// }, ({ path }) => ({
      path,
      namespace: 'tfjs-global',
    }));
    build.onLoad({ filter: /.*/, namespace: 'tfjs-global' }, () => ({
      contents: 'module.exports = globalThis.tf;',
      loader: 'js',
    }));
  },
};

const shared = { target: 'es2022', sourcemap: true } as const;

// One config cleans, in the build script: `clean` of one config would race the other's output.
export default defineConfig([
  {
    ...shared,
    // The last four are no entries of the package: they keep what pages need of `worker` and of
    // pictures in files without tfjs, and index.js free of code, so that bundlers drop the rest.
    entry: {
      index: 'src/index.ts',
      worker: 'src/worker/index.ts',
      node: 'src/node/index.ts',
      imagenet: 'src/imagenet/index.ts',
      testing: 'src/testing/index.ts',
      connect: 'src/worker/connect/connectSaliency.ts',
      serve: 'src/worker/serve/serveSaliency.ts',
      picture: 'src/picture/index.ts',
      explain: 'src/method/convergenceDelta.ts',
    },
    format: ['esm', 'cjs'],
    // In CommonJS too, so that both entries have the same error classes.
    splitting: true,
    treeshake: true,
    // tsup 8 passes the deprecated baseUrl to TypeScript 6, which fails with TS5101 without this.
    dts: {
      entry: {
        index: 'src/index.ts',
        worker: 'src/worker/index.ts',
        node: 'src/node/index.ts',
        imagenet: 'src/imagenet/index.ts',
        testing: 'src/testing/index.ts',
      },
      compilerOptions: { ignoreDeprecations: '6.0' },
    },
  },
  {
    ...shared,
    entry: { 'tfjs-saliency': 'src/index.ts' },
    format: ['iife'],
    globalName: 'tfjsSaliency',
    minify: true,
    noExternal: [/^@tensorflow\//],
    esbuildPlugins: [tfjsFromGlobal],
  },
]);
