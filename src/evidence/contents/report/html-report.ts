import { asItStands, markup, type Inside, type Markup } from '../written/markup.js';
import { isLink, type Block, type Words } from './block.js';
import { page } from './html-page.js';

/** The report as a page. @param root  what leads from it to the payload's root: ``, `../` */
export const htmlReport = (title: string, blocks: readonly Block[], root = ''): Iterable<string> =>
  page(title, () => body(title, blocks, root));

function* body(title: string, blocks: readonly Block[], root: string): Generator<string, void> {
  const sections = blocks.flatMap((block) => (block.kind === 'heading' && block.level === 2 ? [block] : []));
  yield markup`<h1>${title}</h1>
<nav aria-label="Contents"><ol>${sections.map(({ id, text }) => markup`<li><a href="#${id}">${text}</a></li>`)}</ol></nav>
`.text;
  for (const block of blocks) yield `${blockMarkup(block, root).text}\n`;
}

function blockMarkup(block: Block, root: string): Markup {
  const inline = (words: Words): Inside => wordsMarkup(words, root);
  switch (block.kind) {
    case 'heading':
      return block.level === 2 ? markup`<h2 id="${block.id}">${block.text}</h2>` : markup`<h3 id="${block.id}">${block.text}</h3>`;
    case 'paragraph':
      return markup`<p>${inline(block.words)}</p>`;
    case 'notice':
      return markup`<p class="notice" role="note">${inline(block.words)}</p>`;
    case 'facts':
      return markup`<dl>${block.rows.map(([name, words]) => markup`<dt>${name}</dt><dd>${inline(words)}</dd>`)}</dl>`;
    case 'list':
      return markup`<ul>${block.items.map((words) => markup`<li>${inline(words)}</li>`)}</ul>`;
    case 'table':
      return tableMarkup(block, root);
    case 'figure':
      return markup`<figure>${asItStands(block.svg)}<figcaption>${block.title}. ${inline(block.files)}</figcaption></figure>`;
    case 'absent-figure':
      return markup`<p class="notice" role="note">${block.title}: not drawn. ${block.reason}</p>`;
  }
}

function tableMarkup({ caption, head, rows }: Extract<Block, { kind: 'table' }>, root: string): Markup {
  const heads = head.map((name) => markup`<th scope="col">${name}</th>`);
  const lines = rows.map(([first, ...cells]) => {
    const rest = cells.map((cell) => markup`<td>${wordsMarkup(cell, root)}</td>`);
    return markup`<tr><th scope="row">${wordsMarkup(first, root)}</th>${rest}</tr>
`;
  });
  return markup`<div class="wide"><table><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>
${lines}</tbody></table></div>`;
}

function wordsMarkup(words: Words, root: string): Inside {
  if (typeof words === 'string') return words;
  if (isLink(words)) return markup`<a href="${address(words.to, root)}">${words.text}</a>`;
  return words.map((one) => wordsMarkup(one, root));
}

/** The report leads to itself by fragment alone, so that it may be opened under another name. */
const address = (to: string, root: string): string =>
  root === '' && to.startsWith('index.html#') ? to.slice('index.html'.length) : root + to;
