/** `npm run site`: the guide, the playground and the API as one static site in out/site. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeDocs } from './docs.js';
import { brokenLinks } from './links.js';

const root = path.join(import.meta.dirname, '../..');
const out = path.join(root, 'out/site');
/** Stands for the site's folder in the links of typedoc, which writes the same into every page. */
const SITE = 'https://site.invalid';

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
    navigationLinks: { Guide: `${SITE}/index.html`, Playground: `${SITE}/playground/index.html` },
  };
  writeFileSync(options, JSON.stringify(api));
  run('typedoc', '--options', options, '--treatWarningsAsErrors');
  for (const name of readdirSync(out, { recursive: true }) as string[]) {
    if (!name.startsWith('api') || !name.endsWith('.html')) continue;
    const page = path.join(out, name);
    const html = readFileSync(page, 'utf8');
    writeFileSync(page, html.replaceAll(SITE, path.relative(path.dirname(page), out)));
  }
}

/** Runs a program of node_modules; its failure is ours. */
function run(program: string, ...args: string[]): void {
  const { status } = spawnSync('npx', ['--no-install', program, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
