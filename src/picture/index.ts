/** Maps and pictures: what pages without tfjs use, which get their maps from workers. */
export { aggregateChannels } from '../aggregation/aggregateChannels.js';
export type { ChannelMethod } from '../aggregation/aggregateChannels.js';
export type {
  MapLike,
  NumberList,
  PictureLike,
  PlainMap,
  PlainPicture,
  PlainTensor,
} from '../plainTensor.js';
export { limitsOf, normalize } from './normalize.js';
export type { LimitsOptions, NormalizeOptions } from './normalize.js';
export type { Limits, NormalizeMode } from './limits.js';
export { blur } from './blur.js';
export type { BlurOptions } from './blur.js';
export { colorize } from './colorize.js';
export { colormaps } from './colormaps/index.js';
export type { Colormap } from './colormaps/index.js';
export { overlay } from './overlay.js';
export type { OverlayOptions } from './overlay.js';
export type { OverlayMode } from './layers.js';
export { colorBar } from './colorBar.js';
export type { ColorBarOptions } from './colorBar.js';
export { grid } from './grid.js';
export type { GridOptions } from './grid.js';
export { toCanvas, toImageData } from './pixels.js';
export type { CanvasContext, CanvasLike, PixelData } from './pixels.js';
export { encodePNG } from './png.js';
