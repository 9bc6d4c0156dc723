/**
 * Draws photos and maps on the page's canvases, as fast as the worker that makes the pictures can.
 */
import { transfer, wrap } from 'comlink';
import type { PlainMap } from 'tfjs-saliency';
import { seesSquare } from './library.js';
import { ALL_KINDS, TWO_CLASSES } from './state.js';
import type { Classifier, MapKind, State, Store } from './state.js';
import type { Gradient, Pictures } from './worker/pictures.js';
import { firstLine } from './words.js';
import type { PhotoPixels } from './worker/photo.js';

export interface Painter {
  /**
   * Draws a photo.
   *
   * @throws Error in one line if it is none.
   */
  open(blob: Blob, name: string, classifier: Classifier): Promise<PhotoPixels>;
  /**
   * Draws the map of a gradient, unless a newer one of its kind comes before its turn. The
   * gradient's memory is given away.
   *
   * @param samples - of how many samples it is, which is told once it is drawn
   */
  add(kind: MapKind, gradient: Gradient, samples: number): void;
  /** Draws all maps again: with other colours, or another over the photo. */
  recolour(): void;
  /** Forgets maps, all unless some are named. */
  clear(kinds?: readonly MapKind[]): void;
  /** Of what lies over the photo. */
  encode(): Promise<Uint8Array>;
  /** The numbers of a map that there is. */
  dataOf(kind: MapKind): Promise<PlainMap>;
  /** Draws a map that is not kept. */
  drawAlone(map: Gradient): Promise<ImageBitmap>;
  /** When all is drawn. */
  idle(): Promise<void>;
}

/** @param canvasOf - the canvas of each kind of map */
export function createPainter(
  store: Store,
  canvases: { photo: HTMLCanvasElement; overlay: HTMLCanvasElement },
  canvasOf: (kind: MapKind) => HTMLCanvasElement | undefined,
): Painter {
  const worker = new Worker(new URL('./worker/pictures.ts', import.meta.url), { type: 'module' });
  const pictures = wrap<Pictures>(worker);
  const waiting = new Map<MapKind, { gradient: Gradient; samples: number }>();
  let queue: Promise<void> = Promise.resolve();
  /** Counts how often each map was cleared: what was begun before is not drawn after. */
  const eras = new Map<MapKind, number>();

  let queued = 0;

  /** One thing after another, so that no older picture is drawn over a newer one. */
  function enqueue<T>(work: () => Promise<T>): Promise<T> {
    count(1);
    const result = queue.then(work).finally(() => {
      count(-1);
    });
    queue = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Screen readers are told while pictures are not yet what they will be. */
  function count(change: 1 | -1): void {
    queued += change;
    canvases.overlay.ariaBusy = String(queued > 0);
  }

  const eraOf = (kind: MapKind): number => eras.get(kind) ?? 0;

  function forget(kinds: readonly MapKind[] = ALL_KINDS): void {
    for (const kind of kinds) {
      eras.set(kind, eraOf(kind) + 1);
      waiting.delete(kind);
    }
  }

  async function draw(kinds: readonly MapKind[], shown: MapKind): Promise<void> {
    const { look } = store.state;
    for (const kind of kinds) {
      const canvas = canvasOf(kind);
      if (canvas === undefined) continue;
      const { bitmap, brightest } = await pictures.draw(kind, look);
      show(canvas, bitmap);
      store.update({ brightest: { ...store.state.brightest, [kind]: brightest } });
    }
    if (kinds.includes(shown)) {
      show(canvases.overlay, await pictures.drawOverlay(shown, look));
    }
  }

  return {
    open: (blob, name, { source }) =>
      enqueue(async () => {
        const isSquare = seesSquare(source.preset.name);
        try {
          const { bitmap, ...read } = await pictures.open(blob, isSquare);
          forget();
          store.update({ maps: [], finished: [] }); // the worker has dropped them with the photo
          show(canvases.photo, bitmap);
          return read;
        } catch (error) {
          throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
        }
      }),
    add(kind, gradient, samples) {
      const isQueued = waiting.has(kind);
      waiting.set(kind, { gradient, samples });
      if (isQueued) return;
      const begun = eraOf(kind);
      const drawing = enqueue(async () => {
        const newest = waiting.get(kind);
        if (newest === undefined || begun !== eraOf(kind)) return;
        waiting.delete(kind);
        await pictures.keep(kind, transfer(newest.gradient, [newest.gradient.data.buffer]));
        if (begun !== eraOf(kind)) return;
        const kinds = kindsIn(store.state, kind);
        await draw(kinds, store.state.shown);
        if (begun !== eraOf(kind)) return;
        const maps = [...new Set([...store.state.maps, ...kinds])];
        const mapSamples = kind === 'smooth' ? newest.samples : store.state.run!.mapSamples;
        store.update({ maps, run: { ...store.state.run!, mapSamples } });
      });
      drawing.catch((error: unknown) => {
        store.update({ failed: { ...store.state.failed, [kind]: firstLine(error) } });
      });
    },
    recolour() {
      void enqueue(() => draw(store.state.maps, store.state.shown));
    },
    clear(kinds) {
      forget(kinds);
      void enqueue(() => pictures.clear(kinds));
    },
    encode: () => enqueue(() => pictures.encodeOverlay(store.state.shown, store.state.look)),
    dataOf: (kind) => enqueue(() => pictures.dataOf(kind)),
    drawAlone: (map) =>
      enqueue(() => pictures.drawAlone(transfer(map, [map.data.buffer]), store.state.look)),
    idle: () => enqueue(() => Promise.resolve()),
  };
}

/** One gradient of two classes makes three maps. */
function kindsIn({ run }: State, kind: MapKind): readonly MapKind[] {
  return run?.against === undefined ? [kind] : TWO_CLASSES;
}

function show(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('bitmaprenderer')!.transferFromImageBitmap(bitmap);
}
