import { Fault } from '../faults.js';
import { foldName, type Level } from './index-attributes.js';

/** A key that cannot be matched, or a value that its attribute cannot have. */
export class BadSearchKey extends Fault {
  readonly code = 'bad-search-key';
  readonly status = 400;

  constructor(
    readonly tag: string,
    why: string,
  ) {
    super(`The search key ${tag} ${why}.`);
  }
}

/** One matching key of a search: the attribute, its VR, the level it belongs to, and the value asked for. */
export interface SearchKey {
  readonly tag: string;
  readonly vr: string;
  readonly level: Level;
  readonly value: string;
}

/** Binds a value and answers its place in the statement ($1, $2 …). */
export type Bind = (value: unknown) => string;

const COLUMN: Readonly<Record<string, string>> = {
  '0020000D': 's.study_instance_uid',
  '00080020': 's.study_date',
  '00080030': 's.study_time',
  '00080050': 's.accession_number',
  '00100010': 's.patient_name_search',
  '00100020': 's.patient_id',
  '00080090': 's.referring_physician_search',
  '00200010': 's.study_id',
  '0020000E': 'se.series_instance_uid',
  '00080060': 'se.modality',
  '00200011': 'se.series_number::text',
  '00400244': 'se.performed_date',
  '00400245': 'se.performed_time',
  '00080018': 'i.sop_instance_uid',
  '00080016': 'i.sop_class_uid',
  '00200013': 'i.instance_number::text',
};
const FOLDED = new Set(['00100010', '00080090']);
const JSON_OF: Readonly<Record<Level, string>> = { study: 's.attributes', series: 'se.attributes', instance: 'i.metadata' };
const MODALITIES_IN_STUDY = '00080061';
const WILD_VRS = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT', 'DA', 'TM', 'DT', 'IS', 'DS']);

/** The SQL condition of a key (PS3.4 C.2.2.2): single value, UID list, wild card, range or universal matching. */
export function condition(key: SearchKey, bind: Bind): string | undefined {
  if (key.value === '' || (key.value === '*' && key.vr !== 'UI')) return undefined; // universal matching (C.2.2.2.3)
  if (key.tag === MODALITIES_IN_STUDY)
    return `EXISTS (SELECT 1 FROM series m WHERE m.study_row = s.id AND ${matches('m.modality', key, bind)})`;
  const column = COLUMN[key.tag];
  if (column !== undefined) return matches(column, FOLDED.has(key.tag) ? { ...key, value: foldName(key.value) } : key, bind);
  return `EXISTS (SELECT 1 FROM jsonb_array_elements(${JSON_OF[key.level]}::jsonb -> ${bind(key.tag)} -> 'Value') AS v (value),
            LATERAL (SELECT CASE jsonb_typeof(v.value) WHEN 'object' THEN concat_ws('=', v.value ->> 'Alphabetic', v.value ->> 'Ideographic', v.value ->> 'Phonetic')
                            ELSE v.value #>> '{}' END) AS t (value) WHERE ${matches('t.value', key, bind)})`;
}

function matches(column: string, key: SearchKey, bind: Bind): string {
  if (key.vr === 'UI') return `${column} = ANY(${bind(key.value.split(/[,\\]/))}::text[])`; // list of UID matching
  if (['DA', 'TM', 'DT'].includes(key.vr)) return dateMatches(column, key, bind);
  if (key.vr === 'PN') {
    const pattern = like(foldName(key.value));
    // The whole of one component group or of several; the first condition is what the trigram index serves.
    return `(${column} LIKE ${bind(`%${pattern}%`)} AND '=' || ${column} || '=' LIKE ${bind(`%=${pattern}=%`)})`;
  }
  // A comma is part of most texts; only a code cannot hold one (PS3.5 6.2).
  const values = key.value.split(key.vr === 'CS' ? /[,\\]/ : '\\').filter((value) => value !== '');
  if (values.length > 1) return `(${values.map((value) => matches(column, { ...key, value }, bind)).join(' OR ')})`;
  const [value] = values;
  if (value === undefined) return 'TRUE';
  if (/[*?]/.test(value)) {
    if (!WILD_VRS.has(key.vr)) throw new BadSearchKey(key.tag, 'takes no wild card');
    return `${column} LIKE ${bind(like(value))}`;
  }
  return `${column} = ${bind(value)}`;
}

/** Single value or range matching (C.2.2.2.1, C.2.2.2.5): `a-b`, `-b`, `a-`. Times of less precision match what they begin. */
function dateMatches(column: string, key: SearchKey, bind: Bind): string {
  const shape = key.vr === 'DA' ? /^\d{8}$/ : key.vr === 'TM' ? /^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/ : /^\d{4,14}(\.\d{1,6})?$/;
  const checked = (value: string): string => {
    if (!shape.test(value)) throw new BadSearchKey(key.tag, `is no ${key.vr} value or range`);
    return value;
  };
  const dash = key.value.indexOf('-');
  if (dash < 0) return key.vr === 'DA' ? `${column} = ${bind(checked(key.value))}` : `${column} LIKE ${bind(`${checked(key.value)}%`)}`;
  const [from, to] = [key.value.slice(0, dash), key.value.slice(dash + 1)];
  const bounds = [
    ...(from ? [`${column} >= ${bind(checked(from))}`] : []),
    // The upper bound covers all it begins: 12- means up to 12:59:59.999999.
    ...(to ? [`${column} <= ${bind(key.vr === 'DA' ? checked(to) : `${checked(to)}~`)} COLLATE "C"`] : []),
    `${column} <> ''`,
  ];
  if (!from && !to) throw new BadSearchKey(key.tag, 'is a range without a bound');
  return `(${bounds.join(' AND ')})`;
}

/** `*` and `?` as LIKE's % and _, everything else literal. */
const like = (pattern: string): string =>
  pattern
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');
