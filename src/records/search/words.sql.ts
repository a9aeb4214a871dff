import type { Condition } from './condition.js';
import type { Words } from './words.js';

/** Collects what a statement's `$1`, `$2` stand for, as Bindings. */
interface Binder {
  bind(value: unknown, type: string): string;
}

/** What is behind is not looked at: Postgres takes so much apart and no more (manual 12.11). */
const MOST_CHARACTERS = 200_000;
/** The narrative without its markup (R4 narrative.html#div). */
const NARRATIVE = (r: string): string =>
  `replace(replace(replace(regexp_replace(${r}.content::jsonb #>> '{text,div}', '<[^>]*>', ' ', 'g'), '&lt;', '<'), '&gt;', '>'), '&amp;', '&')`;
/** Stands between two texts, so that no phrase begins in one and ends in another. */
const BREAK = ' qzbetweentextsqz ';
/** Every text of a resource, but not the names of its members. */
const WHOLE = (r: string): string =>
  `(SELECT string_agg(v #>> '{}', '${BREAK}') FROM jsonb_path_query(${r}.content::jsonb, 'strict $.** ? (@.type() == "string")') AS v)`;

/**
 * Words in a resource's texts, as Postgres takes texts apart (`simple`: no stems, no word is too common). There is no index of them:
 * a look at the stored text first leaves out what cannot match.
 */
export function wordsSql({ within, any }: Extract<Condition, { kind: 'words' }>, r: string, bindings: Binder): string {
  const text = within === 'narrative' ? NARRATIVE(r) : WHOLE(r);
  const alternatives = any.map((words) => {
    const query = querySql(words, bindings);
    return `(${hintSql(words, r, bindings)} AND to_tsvector('simple', left(coalesce(${text}, ''), ${MOST_CHARACTERS})) @@ (${query}))`;
  });
  return `(${alternatives.join(' OR ')})`;
}

function querySql(words: Words, bindings: Binder): string {
  if ('not' in words) return `!!(${querySql(words.not, bindings)})`;
  if ('all' in words) return words.all.map((one) => `(${querySql(one, bindings)})`).join(' && ');
  if ('any' in words) return words.any.map((one) => `(${querySql(one, bindings)})`).join(' || ');
  const text = bindings.bind(words.words, 'text');
  return words.isBegun ? `to_tsquery('simple', ${text} || ':*')` : `phraseto_tsquery('simple', ${text})`; // letters and digits alone
}

/** What the stored text must have for the words to be there: parts of them that nothing separates and JSON writes as they are. */
function hintSql(words: Words, r: string, bindings: Binder): string {
  if ('not' in words) return 'true';
  if ('all' in words) return `(${words.all.map((one) => hintSql(one, r, bindings)).join(' AND ')})`;
  if ('any' in words) return `(${words.any.map((one) => hintSql(one, r, bindings)).join(' OR ')})`;
  // Of letters beyond ASCII there may be other forms; bytes are compared, which is fast.
  const parts = words.words.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return parts.map((part) => `strpos(lower(${r}.content COLLATE "C"), ${bindings.bind(part, 'text')}) > 0`).join(' AND ') || 'true';
}
