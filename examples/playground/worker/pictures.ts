/**
 * The worker that makes pictures: it reads photos and colours maps, so that the page stays fluid.
 * It has no TensorFlow.js.
 */
import { expose, transfer } from 'comlink';
import {
  aggregateChannels,
  blur,
  colorize,
  encodePNG,
  limitsOf,
  normalize,
  overlay,
  toImageData,
} from 'tfjs-saliency';
import type { Colormap, PixelData, PlainMap, PlainPicture } from 'tfjs-saliency';
import type { Look, MapKind } from '../state.js';
import { brightestPart } from './brightest.js';
import { readPhoto } from './photo.js';
import type { PhotoPixels } from './photo.js';

/** A gradient [h, w, c], or [2, h, w, c] of two classes. */
export interface Gradient {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

const maps = new Map<MapKind, PlainMap>();
let photo: PixelData | undefined;

const pictures = {
  async open(blob: Blob, square: boolean): Promise<PhotoPixels & { bitmap: ImageBitmap }> {
    const { bitmap, ...read } = await readPhoto(blob, square);
    photo = read.pixels;
    maps.clear();
    return transfer({ ...read, bitmap }, [bitmap]);
  },

  /** Forgets maps, all unless some are named. */
  clear(kinds: readonly MapKind[] = [...maps.keys()]): void {
    for (const kind of kinds) maps.delete(kind);
  },

  /** Keeps the map of a gradient, or the maps of two classes' as 'smooth' and 'against'. */
  keep(kind: MapKind, gradient: Gradient): void {
    const map = aggregateChannels(gradient);
    if (map.shape.length === 2) {
      maps.set(kind, map);
      return;
    }
    const [one, other] = unstack(map);
    maps.set('smooth', one);
    maps.set('against', other);
  },

  async draw(
    kind: MapKind,
    { colormap }: Look,
  ): Promise<{ bitmap: ImageBitmap; brightest: string }> {
    const { data, shape } = normalized(kind);
    const brightest = brightestPart(data, shape[1]!);
    const bitmap = await bitmapOf(colorize({ data, shape }, colormapOf(kind, colormap)));
    return transfer({ bitmap, brightest }, [bitmap]);
  },

  /** The numbers of a map, to be measured. */
  dataOf(kind: MapKind): PlainMap {
    const { data, shape } = mapOf(kind);
    return transfer({ data: data.slice(), shape }, []);
  },

  /** Draws a map that is not kept. */
  async drawAlone(map: Gradient, { colormap }: Look): Promise<ImageBitmap> {
    const bitmap = await bitmapOf(colorize(normalize(map), colormap));
    return transfer(bitmap, [bitmap]);
  },

  async drawOverlay(kind: MapKind, look: Look): Promise<ImageBitmap> {
    const bitmap = await bitmapOf(overlayOf(kind, look));
    return transfer(bitmap, [bitmap]);
  },

  encodeOverlay: (kind: MapKind, look: Look): Promise<Uint8Array> =>
    encodePNG(overlayOf(kind, look)),
};

export type Pictures = typeof pictures;
expose(pictures);

function unstack({ data, shape: [, height = 0, width = 0] }: PlainMap): [PlainMap, PlainMap] {
  const [size, shape] = [height * width, [height, width]];
  return [
    { data: data.slice(0, size), shape },
    { data: data.slice(size), shape },
  ];
}

/** The maps of two classes as one batch, whose limits they share, so that they can be compared. */
function bothOf(change: (map: PlainMap) => PlainMap = (map) => map): PlainMap | undefined {
  const [one, other] = [maps.get('smooth'), maps.get('against')];
  if (one === undefined || other === undefined) return undefined;
  const data = Float32Array.from([...change(one).data, ...change(other).data]);
  return { data, shape: [2, ...one.shape] };
}

/** Without limits, so that it can be blurred. */
function mapOf(kind: MapKind): PlainMap {
  if (kind !== 'difference') return maps.get(kind)!;
  const [{ data, shape }, other] = [maps.get('smooth')!, maps.get('against')!];
  return { data: data.map((value, i) => value - other.data[i]!), shape };
}

function normalized(kind: MapKind): PlainMap {
  if (kind === 'difference') return normalize(mapOf(kind), { mode: 'diverging' });
  const both = bothOf();
  return normalize(mapOf(kind), both === undefined ? {} : { shared: limitsOf(both) });
}

function colormapOf(kind: MapKind, colormap: Look['colormap']): Colormap {
  return kind === 'difference' ? 'redblue' : colormap;
}

function overlayOf(kind: MapKind, { view, colormap, blur: sigma, opacity }: Look): PlainPicture {
  const blurred = (map: PlainMap): PlainMap => (sigma === 0 ? map : blur(map, { sigma }));
  const both = kind === 'difference' ? undefined : bothOf(blurred);
  return overlay(photo!, blurred(mapOf(kind)), {
    mode: view,
    alpha: opacity,
    colormap: colormapOf(kind, colormap),
    ...(both !== undefined && { limits: limitsOf(both) }),
  });
}

async function bitmapOf(picture: PlainPicture): Promise<ImageBitmap> {
  const { data, width, height } = await toImageData(picture);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0);
  return canvas.transferToImageBitmap();
}
