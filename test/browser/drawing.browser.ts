/**
 * A page without TensorFlow.js draws the `{ data, shape }` of a worker. Oracle: the gradient of a
 * weighted sum is its weights; the picture of these, drawn in Node.
 */
import { build } from 'esbuild';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { aggregateChannels, blur, overlay, toImageData } from 'tfjs-saliency';
import { connectChromium } from './browser.js';
import { photo, SIDE, weights } from './drawing/pictures.js';
import { pixelsOf } from './pixels.js';
import { serveFolder } from './site.js';
import { watchErrors } from './watch.js';

const src = path.join(__dirname, '../../src');

/** @returns the paths of the modules that the bundle has something of */
async function bundle(name: string, folder: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [path.join(__dirname, `drawing/${name}.ts`)],
    outfile: path.join(folder, `${name}.js`),
    bundle: true,
    format: 'esm',
    metafile: true,
    logLevel: 'error',
    alias: {
      'tfjs-saliency': path.join(src, 'index.ts'),
      'tfjs-saliency/worker': path.join(src, 'worker/index.ts'),
    },
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((file) => inputs[file]!.bytesInOutput > 0),
  );
}

test('the page has no TensorFlow.js, and draws what its worker has computed', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-drawing-'));
  writeFileSync(
    path.join(folder, 'index.html'),
    '<link rel="icon" href="data:," /><canvas></canvas><script type="module" src="page.js"></script>',
  );
  const [page, worker] = await Promise.all([bundle('page', folder), bundle('worker', folder)]);
  expect(page.filter((file) => file.includes('tensorflow'))).toEqual([]);
  expect(worker.some((file) => file.includes('tensorflow'))).toBe(true);

  const [site, browser] = await Promise.all([serveFolder(folder), connectChromium()]);
  try {
    const tab = await browser.newPage();
    const errors = watchErrors(tab);
    await tab.goto(site.address);
    await tab.waitForFunction(() => document.title !== '');
    expect(await tab.title()).toBe('drawn');
    const map = aggregateChannels({ data: weights, shape: [1, SIDE, SIDE, 3] });
    const picture = overlay(photo, blur(map, { sigma: 0.1 }), { colormap: 'viridis' });
    expect((await pixelsOf(tab, 'canvas')).data).toEqual((await toImageData(picture)).data);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true });
  }
});
