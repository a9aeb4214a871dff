import { tagOf, vrOf } from '../dicom/data-dictionary.js';
import { BadWorkitemKey } from './faults.js';

/** One matching key: where the attribute stands (tags from the outermost sequence inwards) and the value asked for. */
export interface WorkitemKey {
  readonly path: readonly string[];
  readonly vr: string;
  readonly value: string;
}

/** Binds a value and answers its place in the statement ($1, $2 …). */
export type Bind = (value: unknown) => string;

const DEEPEST = 8;
const TEXT_OF = `CASE jsonb_typeof(v) WHEN 'object' THEN concat_ws('=', v ->> 'Alphabetic', v ->> 'Ideographic', v ->> 'Phonetic') ELSE v #>> '{}' END`;
/** Where the standard gives no wild cards (PS3.4 C.2.2.2.4). */
const LITERAL = new Set(['UI', 'SQ', 'US', 'SS', 'UL', 'SL', 'FL', 'FD', 'AT']);

/** A key from `PatientID`, `00100020` or, into sequences, `ScheduledStationNameCodeSequence.CodeValue` (PS3.18 8.3.4.1). */
export function workitemKey(name: string, value: string): WorkitemKey {
  const path = attributePath(name);
  if (value.includes('\0')) throw new BadWorkitemKey('has a character that no value has'); // Postgres text cannot hold it
  return { path, vr: vrOf(path[path.length - 1]), value };
}

/** The tags that a name leads through. Throws BadWorkitemKey where one is not known. */
export function attributePath(name: string): string[] {
  const path = name.split('.').map((one) => (/^[0-9A-Fa-f]{8}$/.test(one) ? one.toUpperCase() : tagOf(one)));
  if (path.length > DEEPEST) throw new BadWorkitemKey('is nested too deep');
  return path.map((tag) => {
    if (tag === undefined) throw new BadWorkitemKey('has a name that is not known');
    return tag;
  });
}

/** The SQL condition of a key on `attributes` (PS3.4 C.2.2.2); undefined for universal matching, which is none. */
export function keyCondition({ path, vr, value }: WorkitemKey, bind: Bind): string | undefined {
  if (value === '' || (value === '*' && vr !== 'UI')) return undefined;
  if (vr === 'SQ') throw new BadWorkitemKey('names a sequence; an attribute of its items must be named');
  // Only checked tags go into the path; it is bound all the same.
  const place = bind(
    path
      .map((tag) => `."${tag}".Value[*]`)
      .join('')
      .replace(/^/, '$'),
  );
  return `EXISTS (SELECT 1 FROM jsonb_path_query(attributes, ${place}::jsonpath) AS q (v), LATERAL (SELECT ${TEXT_OF}) AS t (value)
           WHERE ${valueCondition(vr, value, bind)})`;
}

function valueCondition(vr: string, value: string, bind: Bind): string {
  if (vr === 'UI') return `t.value = ANY(${bind(value.split(/[,\\]/))}::text[])`;
  if (vr === 'DA' || vr === 'TM' || vr === 'DT') return timeCondition(vr, value, bind);
  // Names match without regard to case, in any of their component groups (C.2.2.2.1).
  if (vr === 'PN') return `'=' || lower(t.value) || '=' LIKE ${bind(`%=${like(value.toLowerCase())}=%`)}`;
  const values = value.split(vr === 'CS' ? /[,\\]/ : '\\').filter((one) => one !== '');
  const each = values.map((one) => (/[*?]/.test(one) && !LITERAL.has(vr) ? `t.value LIKE ${bind(like(one))}` : `t.value = ${bind(one)}`));
  return each.length === 0 ? 'TRUE' : `(${each.join(' OR ')})`;
}

const SHAPE: Readonly<Record<string, RegExp>> = {
  DA: /^\d{8}$/,
  TM: /^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/,
  DT: /^\d{4}(\d{2}){0,5}(\.\d{1,6})?$/,
};

/** A value or a range: `a-b`, `a-`, `-b` (C.2.2.2.1, C.2.2.2.5). One of less precision matches all that it begins. */
function timeCondition(vr: string, value: string, bind: Bind): string {
  const checked = (one: string): string => {
    if (!SHAPE[vr].test(one)) throw new BadWorkitemKey(`is no ${vr} value or range`);
    return one;
  };
  const bounds = value.split('-');
  if (bounds.length === 1) return `t.value LIKE ${bind(`${checked(value)}%`)}`;
  const [from, to] = bounds;
  if (bounds.length > 2 || (from === '' && to === '')) throw new BadWorkitemKey(`is no ${vr} value or range`);
  const parts = [
    ...(from === '' ? [] : [`t.value COLLATE "C" >= ${bind(checked(from))}`]),
    ...(to === '' ? [] : [`t.value COLLATE "C" <= ${bind(`${checked(to)}~`)}`]), // up to the end of what it begins
  ];
  return parts.join(' AND ');
}

/** `*` and `?` as LIKE's % and _, everything else literal. */
const like = (pattern: string): string =>
  pattern
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');
