/** Markdown to the site's pages. */
import { Marked } from 'marked';

/** What a page has around its text. */
export interface Frame {
  /** The other pages: their addresses, relative to the page, and titles. */
  readonly navigation: readonly (readonly [address: string, title: string])[];
  /** The address of the style sheet. */
  readonly style: string;
}

/**
 * Renders a text as a page.
 *
 * @param addressOf - the address in the site of what a link in the text leads to
 */
export function renderPage(
  markdown: string,
  frame: Frame,
  addressOf: (target: string) => string,
): string {
  const slugs = new Map<string, number>();
  const marked = new Marked({
    walkTokens(token) {
      if (token.type === 'link' || token.type === 'image')
        token['href'] = addressOf(token['href'] as string);
    },
    renderer: {
      heading({ tokens, text, depth }) {
        const id = slugOf(text, slugs);
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
    },
  });
  const links = frame.navigation.map(
    ([address, title]) => `<a href="${address}">${escaped(title)}</a>`,
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escaped(titleOf(markdown))}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${frame.style}" />
  </head>
  <body>
    <nav aria-label="Pages">${links.join('\n')}</nav>
    <main>${marked.parse(markdown, { async: false })}</main>
  </body>
</html>
`;
}

/** The text of the first heading. */
export function titleOf(markdown: string): string {
  return /^# (.+)$/m.exec(markdown)?.[1]?.replaceAll('`', '') ?? 'tfjs-saliency';
}

/** The part of an address that leads to a heading, as GitHub makes it. */
function slugOf(heading: string, slugs: Map<string, number>): string {
  const slug = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
  const count = slugs.get(slug) ?? 0;
  slugs.set(slug, count + 1);
  return count === 0 ? slug : `${slug}-${count}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
