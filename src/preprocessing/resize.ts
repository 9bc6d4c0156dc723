import { image as tfImage, slice } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';

export type Size = readonly [height: number, width: number];

/** `'none'` stretches the image, `'center'` keeps the sides' ratio and cuts out the middle. */
export type Crop = 'none' | 'center';

/**
 * Resizes bilinearly, without antialiasing.
 *
 * Letters: n images, h x w pixels, c channels. Pixel centres lie at half integers (output row i
 * reads the image at row (i + 0.5) * h / height - 0.5), or with `alignCorners` the corner pixels
 * coincide (i * (h - 1) / (height - 1)).
 *
 * @param images - `[n, h, w, c]`
 * @returns `[n, height, width, c]`; the values themselves, not resampled, where the size is right
 * already.
 */
export function resize(images: Tensor4D, size: Size, crop: Crop, alignCorners: boolean): Tensor4D {
  const [, h, w] = images.shape;
  if (crop === 'none') return stretch(images, size, alignCorners);

  // Resized first and cut after, as Teachable Machine and torchvision do: border pixels see what
  // lies beyond the cut.
  const [height, width] = size;
  const covering = coveringSize([h, w], size);
  const top = Math.floor((covering[0] - height) / 2);
  const left = Math.floor((covering[1] - width) / 2);
  return slice(stretch(images, covering, alignCorners), [0, top, left, 0], [-1, height, width, -1]);
}

function stretch(images: Tensor4D, [height, width]: Size, alignCorners: boolean): Tensor4D {
  const [, h, w] = images.shape;
  if (h === height && w === width) return images;
  return tfImage.resizeBilinear(images, [height, width], alignCorners, !alignCorners);
}

/**
 * Computes the least size of the image's own ratio that covers `size`: one side fits, the other is
 * rounded up.
 */
function coveringSize([h, w]: Size, [height, width]: Size): Size {
  return height * w >= width * h
    ? [height, Math.ceil((w * height) / h)]
    : [Math.ceil((h * width) / w), width];
}
