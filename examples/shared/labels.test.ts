import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import { readLabels } from './labels.js';

const folder = temporaryFolder();

function write(content: string): string {
  const file = path.join(folder, 'labels.json');
  writeFileSync(file, content);
  return file;
}

test('an array of names is read as it stands', async () => {
  expect(await readLabels(write('["tench", "goldfish"]'))).toEqual(['tench', 'goldfish']);
});

test("Keras's index is read in the order of its numbers", async () => {
  const index = '{ "10": ["n5", "k"], "1": ["n4", "goldfish"], "0": ["n1", "tench"] }';
  const filled = index.replace(
    '}',
    ', ' + [2, 3, 4, 5, 6, 7, 8, 9].map((i) => `"${i}": ["n", "${i}"]`).join(', ') + '}',
  );
  expect(await readLabels(write(filled))).toEqual([
    'tench',
    'goldfish',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    'k',
  ]);
});

test.each([
  'not JSON',
  '[]',
  '{}',
  '7',
  'null',
  '["tench", 3]',
  '{ "0": ["n1", "tench"], "2": ["n3", "shark"] }',
])('%s is refused', async (content) => {
  const file = write(content);
  const message = `${file}: must be a JSON array of names or Keras's imagenet_class_index.json`;
  await expect(readLabels(file)).rejects.toThrow(new Error(message));
});
