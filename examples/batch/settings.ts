import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFiles } from '../shared/files.js';
import { InputError } from '../shared/run.js';

const NAME = 'settings.json';

/**
 * Keeps what the results of a folder depend on beside them.
 *
 * @throws InputError if the folder has results of other settings.
 */
export async function keepSettings(folder: string, settings: object): Promise<void> {
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  const before = await readFile(path.join(folder, NAME), 'utf8').catch(() => undefined);
  if (before === undefined) await writeFiles(folder, { [NAME]: text });
  else if (before !== text)
    throw new InputError(`${folder}: has results of other settings, see its ${NAME}`);
}
