// Oracle: the file system: every link of the site's pages leads to a file and a heading in it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brokenLinks } from '../../scripts/site/links.js';

const root = path.join(__dirname, '../..');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-site-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('every link of the guide leads somewhere', () => {
  // marked is an ES module, which Jest does not load.
  const program = `import { writeDocs } from './scripts/site/docs.ts'; writeDocs(${JSON.stringify(folder)});`;
  const flags = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const { status, stderr } = spawnSync(process.execPath, flags, { cwd: root, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(brokenLinks(folder, (file) => /^(playground|api)\//.test(file))).toEqual([]);
  const home = readFileSync(path.join(folder, 'index.html'), 'utf8');
  expect(home).toContain('<a href="docs/methods.html">Methods</a>');
  const page = readFileSync(path.join(folder, 'docs/methods.html'), 'utf8');
  expect(page).toContain('<link rel="stylesheet" href="../style.css" />');
});

test('links to what is not there are found', () => {
  mkdirSync(path.join(folder, 'a'));
  writeFileSync(path.join(folder, 'a/index.html'), '<h1 id="top">A</h1>');
  const links = [
    'a/',
    'a/#top',
    '#here',
    'https://example.com/x',
    'a/index.html#no',
    'b.png',
    '#no',
  ];
  const html = links.map((link) => `<a href="${link}">x</a>`).join('');
  writeFileSync(path.join(folder, 'index.html'), `<p id="here">${html}</p>`);
  expect(brokenLinks(folder)).toEqual([
    'index.html: a/index.html#no',
    'index.html: b.png',
    'index.html: #no',
  ]);
});
