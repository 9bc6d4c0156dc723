/** Checks the links of a folder of pages. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Lists the links of pages to what is not in their folder, as 'page: link'.
 *
 * @param isBeside - tells that another program writes a file, by its path in the folder
 */
export function brokenLinks(
  folder: string,
  isBeside: (file: string) => boolean = () => false,
): string[] {
  const files = readdirSync(folder, { recursive: true }) as string[];
  return files
    .filter((file) => file.endsWith('.html'))
    .flatMap((page) =>
      linksOf(readFileSync(path.join(folder, page), 'utf8'))
        .filter((link) => isBroken(link, page))
        .map((link) => `${page}: ${link}`),
    );

  function isBroken(link: string, page: string): boolean {
    const [name = '', anchor] = link.split('#');
    const target = name === '' ? page : path.join(path.dirname(page), decodeURIComponent(name));
    if (isBeside(target)) return false;
    const file = path.join(folder, target);
    if (!existsSync(file)) return true;
    const content = statSync(file).isDirectory() ? path.join(file, 'index.html') : file;
    if (!existsSync(content)) return true;
    if (anchor === undefined || anchor === '' || !content.endsWith('.html')) return false;
    return !readFileSync(content, 'utf8').includes(`id="${decodeURIComponent(anchor)}"`);
  }
}

/** What the attributes href and src name, unless it is in the web or in the page itself. */
function linksOf(html: string): string[] {
  const text = html.replace(/<script[^>]*>[\s\S]*?<\/script>|<!--[\s\S]*?-->/g, (script) =>
    script.startsWith('<!--') ? '' : script.slice(0, script.indexOf('>') + 1),
  );
  return [...text.matchAll(/\s(?:href|src)="([^"]*)"/g)]
    .map(([, link]) => link!.replaceAll('&amp;', '&').replace(/\?.*$/, ''))
    .filter((link) => link !== '' && !/^([a-z]+:|\/\/)/.test(link));
}
