/** Images: cut, changed, of wrong endings, animated, of 16 bits, in CMYK, and of giant claims. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { readImage } from 'tfjs-saliency/node';
import { WrongResult } from '../target.js';
import type { Target } from '../target.js';

const ENDINGS = ['.jpg', '.png', '.gif', '.webp', '.tif', '.svg', '.txt', ''];
const SIDE = 24;

/** One image in many forms, of 24 x 24 pixels. */
async function forms(): Promise<Buffer[]> {
  const numbers = Uint8Array.from({ length: SIDE * SIDE * 4 }, (_, i) => (i * 7) % 251);
  const image = sharp(numbers, { raw: { width: SIDE, height: SIDE, channels: 4 } });
  const pages = Uint8Array.from({ length: SIDE * SIDE * 3 * 2 }, (_, i) => (i * 5) % 249);
  const raw = { width: SIDE, height: 2 * SIDE, channels: 3, pageHeight: SIDE } as const;
  const animated = sharp(pages, { raw });
  return Promise.all([
    ...(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const).map((format) =>
      image.clone().toFormat(format).toBuffer(),
    ),
    image.clone().toColourspace('rgb16').png().toBuffer(),
    image.clone().removeAlpha().toColourspace('cmyk').jpeg().toBuffer(),
    image.clone().removeAlpha().toColourspace('cmyk').tiff().toBuffer(),
    animated.clone().gif().toBuffer(),
    animated.clone().webp().toBuffer(),
    Promise.resolve(
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"/>'),
    ),
  ]);
}

/** A PNG whose header claims 50 000 x 50 000 pixels, with a right checksum. */
function bomb(png: Buffer): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(50_000, 16);
  bytes.writeUInt32BE(50_000, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

export const images: Target = {
  name: 'images',
  async open(folder) {
    const sources = await forms();
    const giants = [
      bomb(sources[0]!),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="50000" height="50000"/>'),
    ];
    return {
      async run(draw, tell) {
        const kind = draw.pick(['whole', 'cut', 'changed', 'changed', 'giant']);
        const form = draw.integer(sources.length);
        let bytes = Buffer.from(kind === 'giant' ? draw.pick(giants) : sources[form]!);
        if (kind === 'cut') bytes = bytes.subarray(0, draw.integer(bytes.length));
        for (let i = kind === 'changed' ? 1 + draw.integer(8) : 0; i > 0; i--)
          bytes[draw.integer(draw.chance(0.5) ? Math.min(64, bytes.length) : bytes.length)] =
            draw.integer(256);
        const file = path.join(folder, `image${draw.pick(ENDINGS)}`);
        writeFileSync(file, bytes);
        tell(`${kind}, form ${form}, ${path.basename(file)}`);
        try {
          const { data, width, height } = await readImage(file);
          if (data.length !== width * height * 3) throw new WrongResult('not three values a pixel');
          if (width * height > 1e8) throw new WrongResult('a giant image was decoded');
          if (kind === 'whole' && (width !== SIDE || height !== SIDE))
            throw new WrongResult(`${width} x ${height} of a whole image`);
        } finally {
          rmSync(file);
        }
      },
    };
  },
};
