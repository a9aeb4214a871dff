import { BadSearchKey, type Bind, type Matching, type SearchKey } from './search-keys.js';
import { dateTimeCondition, momentCondition, timeCondition } from './date-conditions.js';
import { nameCondition } from './name-conditions.js';
import { wildCardCondition } from './wild-cards.js';

/** VRs that take wild cards (PS3.4 C.2.2.2.4); private ones are matched as text. */
const WILD_VRS = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UN', 'UR', 'UT']);
const NUMERIC_VRS = new Set(['DS', 'IS', 'US', 'SS', 'UL', 'SL', 'UV', 'SV', 'FL', 'FD']);
/** VRs of which several values may be asked for at once (PS3.4 C.2.2.2.8). */
export const MULTIPLE_VRS = new Set(['AE', 'AS', 'AT', 'CS', 'LO', 'PN', 'SH', 'UC']);
const NUMBER = String.raw`^\s*[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*$`;

/** The values a key lists. A comma is part of most texts; only a code and a UID cannot hold one (PS3.5 6.2). */
export const listed = ({ vr, value }: SearchKey): string[] =>
  value.split(vr === 'CS' || vr === 'UI' ? /[,\\]/ : '\\').filter((one) => one !== '');

/**
 * The condition that one text, an SQL expression, matches a key: single value, UID list, wild card or range (PS3.4
 * C.2.2.2). Several values are alternatives, which the clause leaves open without Multiple Value Matching.
 */
export function valueCondition(text: string, key: SearchKey, matching: Matching, bind: Bind): string {
  const { vr } = key;
  if (vr === 'UI') {
    const uids = listed(key);
    return uids.length === 1 ? `${text} = ${bind(uids[0])}` : `${text} = ANY(${bind(uids)}::text[])`;
  }
  if (vr === 'DA') return dateTimeCondition(text, key, bind);
  if (vr === 'TM') return timeCondition(text, key, bind);
  if (vr === 'DT') return momentCondition(text, key, matching, bind);
  const values = listed(key);
  if (values.length > 1)
    return `(${values.map((value) => valueCondition(text, { ...key, value }, matching, bind)).join(matching.multipleValues ? ' AND ' : ' OR ')})`;
  const [value] = values;
  if (value === undefined) return 'TRUE';
  if (vr === 'PN') return nameCondition(text, { ...key, value }, matching, bind);
  if (NUMERIC_VRS.has(vr)) {
    if (!new RegExp(NUMBER).test(value)) throw new BadSearchKey(key.tag, `is no ${vr} value`);
    return `CASE WHEN ${text} ~ '${NUMBER}' THEN ${text}::numeric = ${bind(value)}::numeric ELSE false END`;
  }
  if (!/[*?]/.test(value)) return `${text} = ${bind(vr === 'AT' ? value.toUpperCase() : value)}`;
  if (!WILD_VRS.has(vr)) throw new BadSearchKey(key.tag, 'takes no wild card');
  return wildCardCondition(text, value, bind);
}
