// Oracle: the rules of URLs (WHATWG): what lies below the folder of the JSON, by hand.
import { remoteFiles } from '../../examples/playground/remoteFiles.js';

const { locate } = remoteFiles('https://a.example/models/cat?key=secret');

test.each(['weights.bin', 'deep/w.bin', './w.bin', 'deep/../w.bin', '..w.bin'])(
  'the playground finds %s in the folder of a model, with its key',
  (name) => {
    expect(locate(name)).toMatch(/^https:\/\/a\.example\/models\/cat\/[\w./]+\?key=secret$/);
  },
);

test.each([
  '../w.bin',
  '/w.bin',
  '%2e%2e/w.bin',
  '//b.example/models/cat/w.bin',
  'https://b.example/models/cat/w.bin',
  'blob:https://a.example/models/cat/w.bin',
  'data:,x',
  'http://',
])('the playground refuses %s, and tells no key', (name) => {
  expect(() => locate(name)).toThrow(`names a file outside of its folder, '${name}'`);
});
