import type { Page } from 'playwright-core';

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

/** Pearson's, of two pictures' bytes without their alpha. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`pictures of ${a.length} and ${b.length} bytes`);
  let [n, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (i % 4 === 3) continue;
    n += 1;
    sumA += a[i]!;
    sumB += b[i]!;
    sumAA += a[i]! ** 2;
    sumBB += b[i]! ** 2;
    sumAB += a[i]! * b[i]!;
  }
  const covariance = sumAB - (sumA * sumB) / n;
  return covariance / Math.sqrt((sumAA - sumA ** 2 / n) * (sumBB - sumB ** 2 / n));
}
