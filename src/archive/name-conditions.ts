import { BadSearchKey, type Bind, type Matching, type SearchKey } from './search-keys.js';
import { foldName } from './searchable-name.js';
import { soundOf, wordsOf } from './name-sounds.js';
import { like, wildCardCondition } from './wild-cards.js';

const PATIENT_NAME = 's.patient_name_search';
/** How alike two words must be where a name is matched fuzzily: `smiht` and `smith` are 0.5. */
const LIKENESS = 0.45;
/** Each word is a search of its own. */
const MAXIMUM_WORDS = 16;

/**
 * The condition that a folded name (searchable-name.ts) matches a key: one group of the key may be any group of the
 * name, several stand in their places (PS3.5 6.2.1.1), without regard to case and accent (PS3.4 C.2.2.2.1).
 */
export function nameCondition(name: string, key: SearchKey, matching: Matching, bind: Bind): string {
  const asked = foldName(key.value);
  if (asked === '') return 'TRUE';
  if (matching.fuzzy && !/[*?]/.test(asked)) return fuzzyCondition(name, key, bind);
  const groups = asked.split('=');
  const group = (place: number, pattern: string): string => {
    const text = `split_part(${name}, '=', ${place + 1})`;
    return /[*?]/.test(pattern) ? wildCardCondition(text, pattern, bind) : `${text} = ${bind(pattern)}`;
  };
  const matches =
    groups.length === 1
      ? `(${[0, 1, 2].map((place) => group(place, asked)).join(' OR ')})`
      : groups.flatMap((pattern, place) => (pattern === '' ? [] : [group(place, pattern)])).join(' AND ');
  // Beginnings of the patient's name have an index of their own; all else is found by the letters it holds.
  const begins = name === PATIENT_NAME && groups.every((pattern) => /^[^*?]*\**$/.test(pattern));
  const longest = groups.reduce((a, b) => (b.length > a.length ? b : a));
  return begins ? matches : `(${name} LIKE ${bind(`%${like(longest)}%`)} AND ${matches})`;
}

/** Every word asked for begins a word of the name, sounds as one or is much like one (PS3.4 C.2.2.2.1.1 leaves the method to the server). */
function fuzzyCondition(name: string, key: SearchKey, bind: Bind): string {
  const words = wordsOf(foldName(key.value));
  if (words.length > MAXIMUM_WORDS) throw new BadSearchKey(key.tag, 'has more words than a name');
  const conditions = words.map((word) => {
    const beginning = bind(`(^|[\\^ =])${word.replace(/[^\p{L}\p{N}]/gu, '\\$&')}`);
    if (name === PATIENT_NAME)
      return `s.id IN (SELECT studies_of_similar_name(${bind(word)}, ${beginning}, ${bind(soundOf(word) ?? null)}))`;
    return `(${name} ~ ${beginning} OR word_similarity(${bind(word)}, ${name}) >= ${LIKENESS})`;
  });
  return conditions.length === 0 ? 'TRUE' : `(${conditions.join(' AND ')})`;
}
