import { isPrivateCreator } from '../dicom/data-dictionary.js';
import { asksForNone, isUniversal, type Bind, type Matching, type SearchKey } from './search-keys.js';
import { listed, MULTIPLE_VRS, valueCondition } from './value-conditions.js';

/** A value of DICOM JSON as text: a name by its groups, everything else as it is written. Byte order, as in the columns. */
const valueText = (value: string): string =>
  `((CASE jsonb_typeof(${value}) WHEN 'object' THEN concat_ws('=', coalesce(${value} ->> 'Alphabetic', ''), coalesce(${value} ->> 'Ideographic', ''),
     coalesce(${value} ->> 'Phonetic', '')) ELSE ${value} #>> '{}' END) COLLATE "C")`;

/** A name in SQL as `foldName` folds it, as far as SQL can. */
const folded = (name: string): string =>
  `(lower(normalize(regexp_replace(normalize(${name} COLLATE "default", NFD), '[\\u0300-\\u036f]', '', 'g'), NFC)) COLLATE "C")`;

/** The first value of an attribute of a data set, empty where it has none. */
export const firstTextOf = (dataset: string, tag: string): string => `(coalesce(${dataset} -> ${tag} -> 'Value' ->> 0, '') COLLATE "C")`;

/** The condition that an attribute of a data set, an SQL expression of type jsonb, matches a key that no column holds. */
export function elementCondition(dataset: string, key: SearchKey, matching: Matching, bind: Bind, depth = 0): string {
  if (key.creator === undefined) return valuesCondition(`${dataset} -> ${bind(key.tag)}`, key, matching, bind, depth);
  // The creator's block may be another one in each data set (PS3.5 7.8.1): gggg00bb names it, ggggbbee stands in it.
  const block = `block_${depth}`;
  const reserved = `${block}.tag LIKE ${bind(`${key.tag.slice(0, 4)}00__`)} AND ${block}.element -> 'Value' ->> 0 = ${bind(key.creator)}`;
  const blocks = `EXISTS (SELECT 1 FROM jsonb_each(${dataset}) AS ${block} (tag, element) WHERE ${reserved}`;
  if (isPrivateCreator(key.tag)) return `${blocks})`;
  const element = `${dataset} -> (${bind(key.tag.slice(0, 4))} || right(${block}.tag, 2) || ${bind(key.tag.slice(6))})`;
  return `${blocks} AND ${valuesCondition(element, key, matching, bind, depth)})`;
}

function valuesCondition(element: string, key: SearchKey, matching: Matching, bind: Bind, depth: number): string {
  const of = `value_${depth}`;
  const text = key.vr === 'PN' ? folded(valueText(`${of}.value`)) : valueText(`${of}.value`);
  const some = (condition: string): string =>
    `EXISTS (SELECT 1 FROM jsonb_array_elements(${element} -> 'Value') AS ${of} (value) WHERE ${condition})`;
  if (asksForNone(key, matching)) return `NOT ${some(`coalesce(${valueText(`${of}.value`)}, '') <> ''`)}`;
  if (!matching.multipleValues || !MULTIPLE_VRS.has(key.vr)) return some(valueCondition(text, key, matching, bind));
  return `(${listed(key)
    .map((value) => some(valueCondition(text, { ...key, value }, matching, bind)))
    .join(' AND ')})`;
}

/** The condition that one item of a sequence matches all of these keys, which lie in it (PS3.4 C.2.2.2.6), at any depth. */
export function sequenceCondition(dataset: string, keys: readonly SearchKey[], matching: Matching, bind: Bind, depth = 0): string {
  const [sequence] = keys[0].within ?? [];
  const item = `item_${depth}`;
  const inItem = keys.map((key): SearchKey => ({ ...key, within: key.within && key.within.length > 1 ? key.within.slice(1) : undefined }));
  const deeper = Map.groupBy(
    inItem.filter(({ within }) => within !== undefined),
    ({ within }) => within?.[0],
  );
  const conditions = [
    ...inItem
      .filter((key) => key.within === undefined && !isUniversal(key))
      .map((key) => elementCondition(`${item}.dataset`, key, matching, bind, depth + 1)),
    ...[...deeper.values()].map((together) => sequenceCondition(`${item}.dataset`, together, matching, bind, depth + 1)),
  ];
  if (keys.every(isUniversal)) return 'TRUE';
  const items = `jsonb_array_elements(${dataset} -> ${bind(sequence)} -> 'Value') AS ${item} (dataset)`;
  return `EXISTS (SELECT 1 FROM ${items} WHERE ${conditions.join(' AND ')})`;
}
