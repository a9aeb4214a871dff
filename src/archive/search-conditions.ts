import type { Level } from './attribute-levels.js';
import { areOneRange, aroundRange, atOffset, combinedCondition, rangeOf } from './date-conditions.js';
import { elementCondition, firstTextOf, sequenceCondition } from './element-conditions.js';
import { OF_A_REQUEST, REQUEST_ATTRIBUTES, requestEntry } from './request-attributes.js';
import { asksForNone, isUniversal, type Bind, type Matching, type SearchKey } from './search-keys.js';
import { listed, valueCondition } from './value-conditions.js';
import { like } from './wild-cards.js';

/** Attributes that the index keeps as columns of text. */
const TEXT_COLUMN: Readonly<Record<string, string>> = {
  '0020000D': 's.study_instance_uid',
  '00080020': 's.study_date',
  '00080030': 's.study_time',
  '00080050': 's.accession_number',
  '00080090': 's.referring_physician_search',
  '00081030': 's.study_description',
  '00100010': 's.patient_name_search',
  '00100020': 's.patient_id',
  '00200010': 's.study_id',
  '0020000E': 'se.series_instance_uid',
  '00080060': 'se.modality',
  '00400244': 'se.performed_date',
  '00400245': 'se.performed_time',
  '00080018': 'i.sop_instance_uid',
  '00080016': 'i.sop_class_uid',
  '00083002': 'i.transfer_syntax_uid',
};
const NUMBER_COLUMN: Readonly<Record<string, string>> = {
  '00200011': 'se.series_number',
  '00200013': 'i.instance_number',
  '00201206': 's.series_count',
  '00201208': 's.instance_count',
  '00201209': 'se.instance_count',
};
const JSON_OF: Readonly<Record<Level, string>> = { study: 's.attributes', series: 'se.attributes', instance: 'i.metadata' };
const MODALITIES_IN_STUDY = '00080061';
/** Never matched: they say how to read the request (PS3.4 C.2.2.2), or are the same for all that is here. */
const NOT_MATCHED = new Set(['00080005', '00080201']);
const INSTANCE_AVAILABILITY = '00080056';

/** The time of day that belongs to a date (PS3.4 C.2.2.2.5, combined date-time matching). */
const TIME_OF: Readonly<Record<string, string>> = {
  '00080012': '00080013',
  '00080020': '00080030',
  '00080021': '00080031',
  '00080022': '00080032',
  '00080023': '00080033',
  '00100030': '00100032',
  '00400244': '00400245',
  '00400250': '00400251',
};
const DATE_OF: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(TIME_OF).map(([date, time]) => [time, date]));
/** Births are written as their place wrote them: no offset moves them. */
const OF_BIRTH = new Set(['00100030', '00100032']);

/** Columns whose keys an index answers: a search by one of them need not walk what is stored in its order. */
const SELECTIVE = new Set(
  Object.keys(TEXT_COLUMN).filter((tag) => !['00080030', '00400245', '00080060', '00083002', '00080016'].includes(tag)),
);
export const isSelective = (key: SearchKey): boolean =>
  isOfRequest(key) || (SELECTIVE.has(key.tag) && key.within === undefined && !isUniversal(key));

/** True for a key that is one identifier of a request, as the index keeps them: it narrows what is then matched item by item. */
const isOfRequest = ({ within, tag, value }: SearchKey): boolean =>
  within?.length === 1 && within[0] === REQUEST_ATTRIBUTES && OF_A_REQUEST.some((one) => one === tag) && /^[^*?\\"]+$/.test(value);

/** True for a key that is one Study Instance UID. */
export const namesOneStudy = (key: SearchKey): boolean => key.tag === '0020000D' && key.within === undefined && /^[^,\\]+$/.test(key.value);

/** The SQL conditions of a search's keys (PS3.4 C.2.2.2): all of them must hold. Throws BadSearchKey. */
export function conditions(keys: readonly SearchKey[], matching: Matching, bind: Bind): string[] {
  const asked = keys.filter((key) => !NOT_MATCHED.has(key.tag) && (key.within !== undefined || !isUniversal(key)));
  const plain = asked.filter(({ within }) => within === undefined);
  const paired = new Set<SearchKey>();
  const combined = plain.flatMap((dateKey): string[] => {
    const timeKey = plain.find(({ tag }) => tag === TIME_OF[dateKey.tag]);
    if (timeKey === undefined || [dateKey, timeKey].some((key) => asksForNone(key, matching))) return [];
    if (!areOneRange(dateKey, timeKey)) return [];
    const at = momentOf(dateKey, matching, bind);
    paired.add(dateKey).add(timeKey);
    return [...nearby(dateKey, matching, bind), combinedCondition(at.date, at.time, dateKey, timeKey, bind)];
  });
  const inSequences = Map.groupBy(
    asked.filter(({ within }) => within !== undefined),
    ({ level, within }) => `${level} ${within?.[0]}`,
  );
  return [
    ...combined,
    ...plain.filter((key) => !paired.has(key)).flatMap((key) => keyConditions(key, matching, bind)),
    // Keys of one sequence must match in one of its items (PS3.4 C.2.2.2.6).
    ...asked.filter(isOfRequest).map((key) => `se.requests @> ARRAY[${bind(requestEntry(key.tag, key.value))}]`),
    ...[...inSequences.values()].map((together) => sequenceCondition(`${JSON_OF[together[0].level]}::jsonb`, together, matching, bind)),
  ];
}

function keyConditions(key: SearchKey, matching: Matching, bind: Bind): string[] {
  const column = TEXT_COLUMN[key.tag];
  const none = asksForNone(key, matching);
  if (key.tag === MODALITIES_IN_STUDY) return [modalitiesCondition(key, matching, bind)];
  if (key.tag === INSTANCE_AVAILABILITY) return [valueCondition(`'ONLINE'::text`, key, matching, bind)];
  if (NUMBER_COLUMN[key.tag] !== undefined) {
    if (none) return [`${NUMBER_COLUMN[key.tag]} IS NULL`];
    return [valueCondition(`${NUMBER_COLUMN[key.tag]}::text`, key, matching, bind)];
  }
  if (column !== undefined && none) return [`${column} = ''`];
  if (!none && matching.timezoneOffset !== undefined && (key.tag in TIME_OF || key.tag in DATE_OF) && !OF_BIRTH.has(key.tag)) {
    const at = momentOf(key, matching, bind);
    return [...nearby(key, matching, bind), valueCondition(key.vr === 'DA' ? at.date : at.time, key, matching, bind)];
  }
  if (column === undefined) return [elementCondition(`${JSON_OF[key.level]}::jsonb`, key, matching, bind)];
  return [valueCondition(column, key, matching, bind)];
}

/** The date and time expressions of a DA or TM key, at the asker's offset where the request has one. */
function momentOf(key: SearchKey, { timezoneOffset }: Matching, bind: Bind): { date: string; time: string } {
  const dateTag = DATE_OF[key.tag] ?? key.tag;
  const text = (tag: string): string => TEXT_COLUMN[tag] ?? firstTextOf(`${JSON_OF[key.level]}::jsonb`, bind(tag));
  const [date, time] = [text(dateTag), text(TIME_OF[dateTag])];
  if (timezoneOffset === undefined || OF_BIRTH.has(dateTag)) return { date, time };
  return atOffset(date, time, timezoneOffset, bind);
}

/** Beside a date read at the asker's offset: the days it may be stored as, for the index. */
function nearby(key: SearchKey, { timezoneOffset }: Matching, bind: Bind): string[] {
  const column = TEXT_COLUMN[key.tag];
  if (timezoneOffset === undefined || key.vr !== 'DA' || column === undefined) return [];
  rangeOf(key);
  return [aroundRange(column, key, bind)];
}

/** Modalities in Study (0008,0061): any of those listed, or each with Multiple Value Matching (PS3.4 C.2.2.2.8). */
function modalitiesCondition(key: SearchKey, matching: Matching, bind: Bind): string {
  if (asksForNone(key, matching)) return `s.modalities = '{}'`;
  const values = listed(key);
  if (!values.some((value) => /[*?]/.test(value))) return `s.modalities ${matching.multipleValues ? '@>' : '&&'} ${bind(values)}::text[]`;
  const one = (value: string): string =>
    `EXISTS (SELECT 1 FROM unnest(s.modalities) AS m (modality) WHERE m.modality LIKE ${bind(like(value))})`;
  return `(${values.map(one).join(matching.multipleValues ? ' AND ' : ' OR ')})`;
}
