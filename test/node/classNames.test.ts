/** Oracle: the names as they stand in files of each program's own form. */
import { FileError, classNames } from '../../src/node/index.js';
import { temporaryFolder } from './temporaryFolder.js';

const { at, write } = temporaryFolder();

const names = ['Cat', 'Dog'];
const forms: [file: string, content: unknown][] = [
  ['metadata.json', { packageName: '@teachablemachine/image', labels: names, imageSize: 224 }],
  ['labels.json', names],
  ['labels.txt', 'Cat\nDog\n'],
  ['windows.txt', '\uFEFFCat\r\nDog\r\n\r\n'],
  ['numbered.txt', '0 Cat\n1 Dog'],
  ['colons.txt', '0: Cat\n1: Dog\n'],
  ['by-index.json', { 1: 'Dog', 0: 'Cat' }],
  ['imagenet_class_index.json', { 0: ['n02121808', 'Cat'], 1: ['n02084071', 'Dog'] }],
  ['class_indices.json', { Dog: 1, Cat: 0 }],
];

test.each(forms)('%s', async (name, content) => {
  expect(await classNames(write(`forms/${name}`, content))).toEqual(names);
});

test('indices are ordered as numbers', async () => {
  const content = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}`, `class ${i}`]));
  const expected = Array.from({ length: 12 }, (_, i) => `class ${i}`);
  expect(await classNames(write('twelve.json', content))).toEqual(expected);
});

test('a number that does not count is part of the name', async () => {
  expect(await classNames(write('drinks.txt', '7 Up\nCola\n'))).toEqual(['7 Up', 'Cola']);
  expect(await classNames(write('from1.txt', '1 Cat\n2 Dog'))).toEqual(['1 Cat', '2 Dog']);
  expect(await classNames(write('digits.txt', '0\n1\n2'))).toEqual(['0', '1', '2']);
});

test('a folder is searched, in order, and so is that of a model.json', async () => {
  write('folder/labels.txt', 'later');
  write('folder/metadata.json', { labels: names });
  const model = write('folder/model.json', { modelTopology: {}, weightsManifest: [] });
  expect(await classNames(at('folder'))).toEqual(names);
  expect(await classNames(model)).toEqual(names);
  write('unnamed/metadata.json', { made: 'by another program' });
  write('unnamed/labels.txt', 'Cat\nDog');
  expect(await classNames(at('unnamed'))).toEqual(names);
});

test('a folder without any has none', async () => {
  const model = write('bare/model.json', { modelTopology: {} });
  expect(await classNames(at('bare'))).toBeUndefined();
  expect(await classNames(model)).toBeUndefined();
});

const unknownForm =
  "must hold names of classes: Teachable Machine's metadata.json, a JSON array of names, " +
  'an object of names by index or of indices by name, ' +
  "Keras's imagenet_class_index.json, or text with a name a line";

test.each<[string, unknown]>([
  ['text.json', 'not JSON'],
  ['empty.json', []],
  ['object.json', {}],
  ['number.json', '7'],
  ['null.json', 'null'],
  ['mixed.json', ['tench', 3]],
  ['gap.json', { 0: ['n1', 'tench'], 2: ['n3', 'shark'] }],
  ['twice.json', { cat: 0, dog: 0 }],
  ['from1.json', { cat: 1, dog: 2 }],
  ['empty.txt', '\n'],
  ['hole.txt', 'cat\n\ndog'],
])('%s is refused', async (name, content) => {
  const file = write(`wrong/${name}`, content);
  await expect(classNames(file)).rejects.toThrow(new FileError(file, unknownForm));
});

test('a labels.json of a folder in no known form, and a missing file, are named', async () => {
  const file = write('broken/labels.json', 'not JSON');
  await expect(classNames(at('broken'))).rejects.toThrow(new FileError(file, unknownForm));
  const missing = at('missing.txt');
  await expect(classNames(missing)).rejects.toThrow(
    new FileError(missing, 'no such file or folder'),
  );
  await expect(classNames(undefined as never)).rejects.toThrow(
    new TypeError('classNames: path must be a path, got undefined'),
  );
});
