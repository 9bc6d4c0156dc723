/** Files of class names: changed JSON, and text of any bytes. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { classNames } from 'tfjs-saliency/node';
import { mutated } from '../mutate.js';
import { WrongResult } from '../target.js';
import type { Target } from '../target.js';

const CONTENTS: readonly unknown[] = [
  ['cat', 'dog'],
  { 0: 'cat', 1: 'dog' },
  { cat: 0, dog: 1 },
  { 0: ['n01', 'cat'], 1: ['n02', 'dog'] },
  { labels: ['cat', 'dog'], packageName: '@teachablemachine/image' },
];
const NAMES = ['metadata.json', 'labels.json', 'labels.txt', 'imagenet_class_index.json'];

export const labels: Target = {
  name: 'labels',
  open: (folder) =>
    Promise.resolve({
      async run(draw, tell) {
        const content = mutated(draw.pick(CONTENTS), draw, draw.integer(4));
        let bytes = Buffer.from(JSON.stringify(content) ?? '');
        if (draw.chance(0.3)) bytes = Buffer.from(Array.from(bytes, () => draw.integer(256)));
        if (draw.chance(0.3)) bytes = bytes.subarray(0, draw.integer(bytes.length + 1));
        const file = path.join(folder, draw.pick(NAMES));
        writeFileSync(file, bytes);
        tell(`${path.basename(file)}: ${bytes.toString('latin1').slice(0, 200)}`);
        try {
          const names = await classNames(draw.chance(0.5) ? folder : file);
          if (names?.some((name) => typeof name !== 'string'))
            throw new WrongResult('a name that is no text');
        } finally {
          rmSync(file);
        }
      },
    }),
};
