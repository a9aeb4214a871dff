/** A link to a file of the payload, from its root, with a fragment where it leads into it. */
export interface Link {
  readonly text: string;
  readonly to: string;
}

/** What a line or a cell says. */
export type Words = string | Link | readonly Words[];

/** A piece of the report: told once, written as HTML and as PDF. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly id: string; readonly text: string }
  | { readonly kind: 'paragraph' | 'notice'; readonly words: Words }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [name: string, words: Words])[] }
  | { readonly kind: 'list'; readonly items: readonly Words[] }
  | { readonly kind: 'table'; readonly caption: string; readonly head: readonly string[]; readonly rows: readonly (readonly Words[])[] }
  | { readonly kind: 'figure'; readonly title: string; readonly svg: string; readonly files: Words }
  | { readonly kind: 'absent-figure'; readonly title: string; readonly reason: string };

export const link = (text: string, to: string): Link => ({ text, to });

export const isLink = (words: Words): words is Link => typeof words === 'object' && 'to' in words;

/** Words as plain text. */
export const plain = (words: Words): string => {
  if (typeof words === 'string') return words;
  return isLink(words) ? words.text : words.map(plain).join('');
};

export const section = (id: string, text: string): Block => ({ kind: 'heading', level: 2, id, text });
export const subsection = (id: string, text: string): Block => ({ kind: 'heading', level: 3, id, text });
export const paragraph = (...words: readonly Words[]): Block => ({ kind: 'paragraph', words });
export const notice = (...words: readonly Words[]): Block => ({ kind: 'notice', words });
export const facts = (...rows: readonly (readonly [name: string, words: Words])[]): Block => ({ kind: 'facts', rows });
export const list = (items: readonly Words[]): Block => ({ kind: 'list', items });

/** A table, or a sentence where it would be empty. */
export const table = (caption: string, head: readonly string[], rows: readonly (readonly Words[])[], none = 'None.'): Block[] =>
  rows.length === 0 ? [paragraph(`${caption}: ${none}`)] : [{ kind: 'table', caption, head, rows }];
