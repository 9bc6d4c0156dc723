/** Recognises what can be drawn on a canvas, without tfjs, for pages that have none. */

/** Images, canvases, videos and ImageBitmaps, of this page or of a frame in it. */
export type Drawable =
  HTMLImageElement | HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap;

const CLASSES = ['HTMLImageElement', 'HTMLVideoElement', 'ImageBitmap'];

/** Tells whether a value can be drawn, whichever realm its class is of. */
export function isDrawable(value: unknown): value is Drawable {
  if (typeof value !== 'object' || value === null) return false;
  return 'getContext' in value || CLASSES.includes(classOf(value));
}

/** Names the class of an object; the name is the same in every realm, the class is not. */
export function classOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
