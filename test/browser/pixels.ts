import type { Page } from 'playwright-core';
import { correlation as correlationOfNumbers } from '../../scripts/statistics.js';

export interface Pixels {
  /** RGBA */
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** The pixels of a canvas, or of an image in its natural size as the browser decodes it. */
export async function pixelsOf(page: Page, selector: string): Promise<Pixels> {
  const { base64, ...size } = await page.evaluate((selector) => {
    const element = document.querySelector<HTMLImageElement | HTMLCanvasElement>(selector)!;
    const [width, height] =
      element instanceof HTMLCanvasElement
        ? [element.width, element.height]
        : [element.naturalWidth, element.naturalHeight];
    const context = new OffscreenCanvas(width, height).getContext('2d')!;
    context.drawImage(element, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const bytes = Array.from(data, (byte) => String.fromCharCode(byte)).join('');
    return { base64: btoa(bytes), width, height };
  }, selector);
  return { data: new Uint8ClampedArray(Buffer.from(base64, 'base64')), ...size };
}

/** Of two pictures' bytes without their alpha. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return correlationOfNumbers(withoutAlpha(a), withoutAlpha(b));
}

const withoutAlpha = (bytes: ArrayLike<number>): number[] =>
  Array.from(bytes).filter((_, i) => i % 4 !== 3);
