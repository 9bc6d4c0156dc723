import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import { checkFile, checkOutFolder, writeFiles } from './files.js';

const folder = temporaryFolder();

test('all files are written, into a folder that is made', async () => {
  const out = path.join(folder, 'new', 'out');
  const files = await writeFiles(out, { 'a.txt': 'first', 'b.bin': Uint8Array.of(1, 2, 3) });
  expect(files).toEqual([path.join(out, 'a.txt'), path.join(out, 'b.bin')]);
  expect(readdirSync(out)).toEqual(['a.txt', 'b.bin']);
  expect(readFileSync(files[0]!, 'utf8')).toBe('first');
  expect([...readFileSync(files[1]!)]).toEqual([1, 2, 3]);
});

test('a file of an earlier run is replaced', async () => {
  const out = path.join(folder, 'again');
  await writeFiles(out, { 'a.txt': 'old' });
  await writeFiles(out, { 'a.txt': 'new' });
  expect(readFileSync(path.join(out, 'a.txt'), 'utf8')).toBe('new');
});

test('if one cannot be written, none is, and nothing is left behind', async () => {
  const out = path.join(folder, 'failing');
  mkdirSync(out);
  await expect(
    writeFiles(out, { 'a.txt': 'first', 'no-such-folder/b.txt': 'second' }),
  ).rejects.toThrow('ENOENT');
  expect(readdirSync(out)).toEqual([]);
});

test('files and folders are told apart, and from nothing', async () => {
  const [file] = (await writeFiles(folder, { 'file.txt': '' })) as [string];
  const nothing = path.join(folder, 'nothing');
  await expect(checkFile(file)).resolves.toBeUndefined();
  await expect(checkFile(folder)).rejects.toThrow(new Error(`${folder}: not a file`));
  await expect(checkFile(nothing)).rejects.toThrow(new Error(`${nothing}: no such file`));
  await expect(checkOutFolder(folder)).resolves.toBeUndefined();
  await expect(checkOutFolder(nothing)).resolves.toBeUndefined();
  await expect(checkOutFolder(file)).rejects.toThrow(new Error(`${file}: not a folder`));
});
