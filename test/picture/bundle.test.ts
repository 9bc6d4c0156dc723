// Oracle: esbuild, which bundles what a page imports: of tfjs nothing, and no more than the limits.
import { build } from 'esbuild';
import path from 'node:path';

/** Bundles a page that imports `names` from the library, tfjs left out. */
async function bundle(names: readonly string[]): Promise<{ text: string; tfjs: string[] }> {
  const list = names.join(', ');
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `import { ${list} } from './index.ts'; console.log(${list});`,
      resolveDir: path.join(__dirname, '../../src'),
    },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    external: ['@tensorflow/*'],
  });
  const [output] = Object.values(metafile.outputs);
  const tfjs = output!.imports.map((each) => each.path).filter((name) => /tensorflow/.test(name));
  return { text: outputFiles[0]!.text, tfjs };
}

const pictures = [
  ...['aggregateChannels', 'normalize', 'limitsOf', 'colorize', 'overlay', 'grid'],
  ...['toImageData', 'toCanvas', 'encodePNG', 'colormaps'],
];

describe('pages that only draw', () => {
  test('import nothing of tfjs', async () => {
    const { text, tfjs } = await bundle(pictures);
    expect(tfjs).toEqual([]);
    expect(/@tensorflow|registerKernel/.test(text)).toBe(false);
  });

  test.each([
    [['aggregateChannels'], 3_500],
    [['normalize', 'colorize', 'toCanvas'], 15_000],
  ])('%p take no more than %i bytes', async (names, limit) => {
    const { text } = await bundle(names);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
  });

  test('the comparison would see tfjs', async () => {
    expect((await bundle(['vanillaGradient'])).tfjs).toContain('@tensorflow/tfjs-core');
  });
});
