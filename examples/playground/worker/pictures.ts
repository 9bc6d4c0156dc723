/**
 * The worker that makes pictures: it reads photos and colours maps, so that the page stays fluid.
 */
import { expose, transfer } from 'comlink';
import { mean, setBackend, slice, stack, sub, tensor, tidy, unstack } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import {
  aggregateChannels,
  colorize,
  encodePNG,
  limitsOf,
  normalize,
  overlay,
  toImageData,
} from 'tfjs-saliency';
import type { Colormap, PixelData } from 'tfjs-saliency';
import type { MapColours, MapKind } from '../state.js';
import { brightestPart } from './brightest.js';
import { readPhoto } from './photo.js';
import type { PhotoPixels } from './photo.js';

/** A gradient [h, w, c], or [2, h, w, c] of two classes. */
export interface Gradient {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

const maps = new Map<MapKind, Tensor>();
let photo: PixelData | undefined;

const ready = setBackend('cpu');

const pictures = {
  async open(blob: Blob, square: boolean): Promise<PhotoPixels & { bitmap: ImageBitmap }> {
    await ready;
    const { bitmap, ...read } = await readPhoto(blob, square);
    photo = read.pixels;
    pictures.clear();
    return transfer({ ...read, bitmap }, [bitmap]);
  },

  clear(): void {
    for (const map of maps.values()) map.dispose();
    maps.clear();
  },

  /** Keeps the map of a gradient, or the maps of two classes' as 'smooth' and 'against'. */
  keep(kind: MapKind, { data, shape }: Gradient): void {
    const map = tidy(() => aggregateChannels(tensor(data, [...shape], 'float32')));
    if (map.rank === 2) {
      set(kind, map);
      return;
    }
    const [one, two] = unstack(map);
    map.dispose();
    set('smooth', one!);
    set('against', two!);
  },

  async draw(
    kind: MapKind,
    colours: MapColours,
  ): Promise<{ bitmap: ImageBitmap; brightest: string }> {
    const values = valuesOf(kind);
    const brightest = brightestPart(values.dataSync(), values.shape[1]!);
    const bitmap = await bitmapOf(colorize(values, colormapOf(kind, colours)));
    values.dispose();
    return transfer({ bitmap, brightest }, [bitmap]);
  },

  async drawOverlay(kind: MapKind, colours: MapColours): Promise<ImageBitmap> {
    const bitmap = await bitmapOf(overlayOf(kind, colours));
    return transfer(bitmap, [bitmap]);
  },

  async encodeOverlay(kind: MapKind, colours: MapColours): Promise<Uint8Array> {
    const picture = overlayOf(kind, colours);
    const png = await encodePNG(picture);
    picture.dispose();
    return png;
  },
};

export type Pictures = typeof pictures;
expose(pictures);

function set(kind: MapKind, map: Tensor): void {
  maps.get(kind)?.dispose();
  maps.set(kind, map);
}

/** Maps of two classes share their limits, so that they can be compared. */
function valuesOf(kind: MapKind): Tensor {
  const [smooth, against] = [maps.get('smooth'), maps.get('against')];
  return tidy(() => {
    if (kind === 'difference') return normalize(sub(smooth!, against!), { mode: 'diverging' });
    const map = maps.get(kind)!;
    if (smooth === undefined || against === undefined) return normalize(map);
    return normalize(map, { shared: limitsOf(stack([smooth, against])) });
  });
}

function colormapOf(kind: MapKind, colours: MapColours): Colormap {
  return kind === 'difference' ? 'redblue' : colours;
}

/** On the photo without its colours, so that every colour is the map's. */
function overlayOf(kind: MapKind, colours: MapColours): Tensor {
  return tidy(() => {
    const { data, width, height } = photo!;
    const rgb = slice(tensor(data, [height, width, 4], 'int32'), [0, 0, 0], [-1, -1, 3]);
    const gray = mean(rgb, 2, true);
    const limits = kind === 'difference' ? ([-1, 1] as const) : ([0, 1] as const);
    return overlay(gray, valuesOf(kind), { colormap: colormapOf(kind, colours), limits });
  });
}

async function bitmapOf(picture: Tensor): Promise<ImageBitmap> {
  const { data, width, height } = await toImageData(picture);
  picture.dispose();
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0);
  return canvas.transferToImageBitmap();
}
