/** The code in the fences of Markdown files. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Snippet {
  /** As 'docs/guide.md:7'. */
  readonly place: string;
  readonly code: string;
  /** Whether it is to be run: not marked with `no-run: REASON` behind its language. */
  readonly isRun: boolean;
}

const root = path.resolve(__dirname, '../..');

/** Finds the JavaScript and TypeScript of README.md and docs/, that of HTML's modules too. */
export function snippets(): Snippet[] {
  const pages = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...pages.map((name) => `docs/${name}`)].flatMap(snippetsIn);
}

function snippetsIn(file: string): Snippet[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/^```(js|ts|html)(.*)\n([^]*?)^```$/gm)].map((match) => {
    const [, language, info, body] = match as unknown as [string, string, string, string];
    const line = text.slice(0, match.index).split('\n').length;
    const place = `${file}:${line}`;
    if (info !== '' && !/^ no-run: \S/.test(info)) throw new Error(`${place}: unknown '${info}'`);
    const script = /<script type="module">([^]*?)<\/script>/.exec(body)?.[1];
    return language === 'html'
      ? { place, code: script ?? '', isRun: false }
      : { place, code: body, isRun: info === '' };
  });
}
