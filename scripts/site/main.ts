/** `npm run site`: the guide, the playground and the API as one static site in out/site. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeDocs } from './docs.js';
import { brokenLinks } from './links.js';

const root = path.join(import.meta.dirname, '../..');
const out = path.join(root, 'out/site');

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
writeDocs(out);
run('vite', 'build', 'examples/playground', '--outDir', path.join(out, 'playground'));
writeApi();

const broken = brokenLinks(out);
for (const link of broken) console.error(`leads nowhere: ${link}`);
if (broken.length > 0) process.exit(1);
console.log(`out/site: open it by a web server, as 'npx vite preview --outDir out/site' is one`);

function writeApi(): void {
  const options = path.join(root, 'out/typedoc.json');
  const api = {
    extends: ['../typedoc.json'],
    out: 'site/api',
    readme: 'none',
    navigationLinks: { Guide: '../index.html', Playground: '../playground/index.html' },
  };
  writeFileSync(options, JSON.stringify(api));
  run('typedoc', '--options', options, '--treatWarningsAsErrors');
}

/** Runs a program of node_modules; its failure is ours. */
function run(program: string, ...args: string[]): void {
  const { status } = spawnSync('npx', ['--no-install', program, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
