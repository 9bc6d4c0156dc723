/** The texts of the project as pages: the README, all that it leads to, and the folder docs. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { renderPage, titleOf } from './render.js';

const root = path.join(import.meta.dirname, '../..');

/** The pages that others build, by their folder in the site. */
const BESIDE = { playground: 'Playground', api: 'API' } as const;

/** Those of docs that come first; the others follow by name. */
const FIRST = ['gallery', 'methods', 'choices', 'convergence', 'workers', 'speed'];

/** Writes the pages, and the files that they lead to. */
export function writeDocs(out: string): void {
  const texts = [...docs(), ...referredTexts('README.md')];
  for (const text of new Set(['README.md', ...texts])) writePage(text, out);
  mkdirSync(out, { recursive: true });
  cpSync(path.join(import.meta.dirname, 'style.css'), path.join(out, 'style.css'));
}

/** The texts of the folder docs, in the order of the navigation. */
function docs(): string[] {
  const names = readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length));
  const rank = (name: string): number =>
    FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length;
  return names
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((name) => `docs/${name}.md`);
}

/** The texts that a text leads to, over others. */
function referredTexts(text: string, found = new Set<string>()): Set<string> {
  if (found.has(text)) return found;
  found.add(text);
  for (const [, target] of read(text).matchAll(/\]\(([^)#\s]+\.md)[^)]*\)/g)) {
    if (!isElsewhere(target!)) referredTexts(path.join(path.dirname(text), target!), found);
  }
  return found;
}

function writePage(text: string, out: string): void {
  const page = pageOf(text);
  const relative = (file: string): string => path.relative(path.dirname(page), file);
  const frame = {
    style: relative('style.css'),
    navigation: [
      ['index.html', 'tfjs-saliency'],
      [`playground/index.html`, BESIDE.playground],
      ...docs().map((name) => [pageOf(name), titleOf(read(name))]),
      ['api/index.html', BESIDE.api],
    ].map(([file, title]) => [relative(file!), title!] as const),
  };
  const html = renderPage(read(text), frame, (target) => {
    if (isElsewhere(target) || target.startsWith('#')) return target;
    const [name = '', anchor] = target.split('#');
    const file = path.join(path.dirname(text), name);
    if (!name.endsWith('.md')) copyFile(file, out);
    const address = relative(name.endsWith('.md') ? pageOf(file) : file);
    return anchor === undefined ? address : `${address}#${anchor}`;
  });
  mkdirSync(path.dirname(path.join(out, page)), { recursive: true });
  writeFileSync(path.join(out, page), html);
}

/** Copies what a text shows or leads to, if it is a file; the check of links tells if it is none. */
function copyFile(file: string, out: string): void {
  const source = path.join(root, file);
  if (!existsSync(source) || !statSync(source).isFile()) return;
  mkdirSync(path.dirname(path.join(out, file)), { recursive: true });
  cpSync(source, path.join(out, file));
}

/** 'docs/speed.md' as 'docs/speed.html', a README as its folder's index.html. */
function pageOf(text: string): string {
  return text.replace(/\.md$/, '.html').replace(/README\.html$/, 'index.html');
}

const read = (text: string): string => readFileSync(path.join(root, text), 'utf8');

const isElsewhere = (target: string): boolean => /^[a-z]+:/.test(target);
