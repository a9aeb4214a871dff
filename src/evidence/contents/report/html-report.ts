import { drawing, html, type Html } from '../written/markup.js';
import { isLink, type Block, type Words } from './block.js';
import { page } from './html-page.js';

/** The report as a page. @param root  what leads from it to the payload's root: ``, `../` */
export const htmlReport = (title: string, blocks: readonly Block[], root = ''): Iterable<string> =>
  page(title, () => body(title, blocks, root));

function* body(title: string, blocks: readonly Block[], root: string): Generator<string, void> {
  const sections = blocks.flatMap((block) => (block.kind === 'heading' && block.level === 2 ? [block] : []));
  yield html`<h1>${title}</h1>
    <nav aria-label="Contents">
      <ol>
        ${sections.map(({ id, text }) => html`<li><a href="#${id}">${text}</a></li>`)}
      </ol>
    </nav> `.markup;
  for (const block of blocks) yield `${blockHtml(block, root).markup}\n`;
}

function blockHtml(block: Block, root: string): Html {
  switch (block.kind) {
    case 'heading':
      return block.level === 2 ? html`<h2 id="${block.id}">${block.text}</h2>` : html`<h3 id="${block.id}">${block.text}</h3>`;
    case 'paragraph':
      return html`<p>${wordsHtml(block.words, root)}</p>`;
    case 'notice':
      return html`<p class="notice" role="note">${wordsHtml(block.words, root)}</p>`;
    case 'facts':
      return html`<dl>
        ${block.rows.map(
          ([name, words]) =>
            html`<dt>${name}</dt>
              <dd>${wordsHtml(words, root)}</dd>`,
        )}
      </dl>`;
    case 'list':
      return html`<ul>
        ${block.items.map((words) => html`<li>${wordsHtml(words, root)}</li>`)}
      </ul>`;
    case 'table':
      return tableHtml(block, root);
    case 'figure':
      return html`<figure>
        ${drawing(block.svg)}
        <figcaption>${block.title}. ${wordsHtml(block.files, root)}</figcaption>
      </figure>`;
    case 'absent-figure':
      return html`<p class="notice" role="note">${block.title}: not drawn. ${block.reason}</p>`;
  }
}

const tableHtml = ({ caption, head, rows }: Extract<Block, { kind: 'table' }>, root: string): Html =>
  html`<div class="wide">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...cells]) =>
            html`<tr>
              <th scope="row">${wordsHtml(first, root)}</th>
              ${cells.map((cell) => html`<td>${wordsHtml(cell, root)}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;

function wordsHtml(words: Words, root: string): Html | string | readonly (Html | string)[] {
  if (typeof words === 'string') return words;
  if (isLink(words)) return html`<a href="${address(words.to, root)}">${words.text}</a>`;
  return words.map((one) => html`${wordsHtml(one, root)}`);
}

/** The report leads to itself by fragment alone, so that it may be opened under another name. */
const address = (to: string, root: string): string =>
  root === '' && to.startsWith('index.html#') ? to.slice('index.html'.length) : root + to;
