import { BadSearchParameter, SearchTooLarge } from './faults.js';

/** What `_text` and `_content` look for: words and phrases, and how they are joined. */
export type Words =
  | { readonly words: string; readonly isBegun: boolean }
  | { readonly not: Words }
  | { readonly all: readonly Words[] }
  | { readonly any: readonly Words[] };

const MOST_WORDS = 50;
const TOKEN = /\s*(?:(?<paren>[()])|"(?<phrase>[^"]*)"|(?<word>[^\s()"]+))/gy;
/** Letters or digits: without one there is nothing to look for. */
const HAS_WORD = /[\p{L}\p{N}]/u;

type Token = { readonly paren?: string; readonly phrase?: string; readonly word?: string };

/**
 * `(bone OR liver) and metastases` (R4 search.html#_text): words, phrases in quotation marks, AND (or nothing) and OR in whatever
 * case, NOT, parentheses; a word that ends with * is the beginning of one. Throws BadSearchParameter, SearchTooLarge.
 */
export function parseWords(name: string, text: string): Words {
  const tokens: Token[] = [...text.trim().matchAll(TOKEN)].map(({ groups }) => groups as Token);
  if (tokens.reduce((length, { phrase, word }) => length + (phrase ?? word ?? '').length, 0) > 2_000 || tokens.length > MOST_WORDS * 2)
    throw new SearchTooLarge(`more than ${MOST_WORDS} words to look for`);
  let at = 0;
  const wrong = () => new BadSearchParameter(name, 'must be words, with AND, OR, NOT and parentheses between them');
  const isWord = (word: string): boolean => tokens[at]?.word?.toUpperCase() === word;
  const any = (): Words => {
    const parts = [all()];
    while (isWord('OR')) {
      at++;
      parts.push(all());
    }
    return parts.length === 1 ? parts[0] : { any: parts };
  };
  const all = (): Words => {
    const parts = [one()];
    while (at < tokens.length && tokens[at].paren !== ')' && !isWord('OR')) {
      if (isWord('AND')) at++;
      parts.push(one());
    }
    return parts.length === 1 ? parts[0] : { all: parts };
  };
  const one = (): Words => {
    if (isWord('NOT')) {
      at++;
      return { not: one() };
    }
    const { paren, phrase, word } = tokens[at++] ?? {};
    if (paren === '(') {
      const inner = any();
      if (tokens[at++]?.paren !== ')') throw wrong();
      return inner;
    }
    const words = phrase ?? word ?? '';
    if (paren !== undefined || !HAS_WORD.test(words) || ['AND', 'OR', 'NOT'].includes((word ?? '').toUpperCase())) throw wrong();
    const isBegun = word?.endsWith('*') === true;
    if (isBegun && !/^[\p{L}\p{N}]+\*$/u.test(words)) throw wrong();
    return { words: isBegun ? words.slice(0, -1) : words, isBegun };
  };
  const read = any();
  if (at < tokens.length || text.trim().replaceAll(TOKEN, '').trim() !== '') throw wrong();
  return read;
}
