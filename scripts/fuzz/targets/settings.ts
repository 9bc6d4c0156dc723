/** What examples/batch reads again: its settings and its table; and its flags. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readFlags } from '../../../examples/batch/flags.js';
import { keepSettings } from '../../../examples/batch/settings.js';
import { openTable } from '../../../examples/batch/table.js';
import { WrongResult } from '../target.js';
import type { Target } from '../target.js';

const FLAGS = ['in', 'out', 'workers', 'shard', 'class', 'method', 'layer', 'samples', 'noise'];
const VALUES = ['', '0', '-1', '1/0', '1e9', 'NaN', '../x', 'argmax', 'gradCam', '2', '1/2'];
const CELLS = ['a.jpg', '"', '""', ',', '\r\n', '\n', '\r', "'=1", '=1', '-0.5', '\0', 'é'];

export const settings: Target = {
  name: 'settings',
  open: (folder) =>
    Promise.resolve({
      async run(draw, tell) {
        const kind = draw.pick(['settings', 'table', 'flags']);
        if (kind === 'flags') {
          const args = Array.from({ length: draw.integer(8) }, () =>
            draw.chance(0.9) ? `--${draw.pick(FLAGS)}=${draw.pick(VALUES)}` : draw.pick(VALUES),
          );
          tell(`flags ${JSON.stringify(args)}`);
          readFlags(args);
          return;
        }
        const text = Array.from({ length: draw.integer(60) }, () => draw.pick(CELLS)).join('');
        tell(`${kind} ${JSON.stringify(text)}`);
        const name = kind === 'settings' ? 'settings.json' : 'table.csv';
        writeFileSync(path.join(folder, name), text);
        try {
          if (kind === 'settings') return await keepSettings(folder, { seed: 1 });
          await openTable(folder, name).then(({ add }) => add({ photo: text, error: '' }));
          const { complete } = await openTable(folder, name);
          if (!complete.has(text))
            throw new WrongResult('a row that is not read as it was written');
        } finally {
          rmSync(path.join(folder, name));
        }
      },
    }),
};
